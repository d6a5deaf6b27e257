from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.errors import DataError
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.timeline import merge
from undertow.timeline.merge import MergedSources, SourceCounts, merge_by_key

Rows = Callable[[Sequence[EventKind], Sequence[int]], EventArray]
TRADE, BEGIN, LEVEL, END = (
    EventKind.TRADE,
    EventKind.BOOK_BEGIN,
    EventKind.BOOK_LEVEL,
    EventKind.BOOK_END,
)
# A source as units: (levels, or -1 for a trade; times of its rows).
UNIT = st.one_of(
    st.tuples(st.just(-1), st.lists(st.integers(0, 20), min_size=1, max_size=1)),
    st.integers(0, 3).flatmap(
        lambda n: st.tuples(
            st.just(n), st.lists(st.integers(0, 20), min_size=n + 2, max_size=n + 2)
        )
    ),
)
SOURCE = st.lists(UNIT, max_size=15)


def _array(units: list[tuple[int, list[int]]], source: int) -> EventArray:
    kinds = [kind for n, _ in units for kind in ([TRADE] if n < 0 else [BEGIN, *[LEVEL] * n, END])]
    rows = np.zeros(len(kinds), EVENT)
    rows["kind"] = kinds
    rows["receive_time_ns"] = [time for _, times in units for time in times]
    rows["sequence"] = np.arange(len(kinds))
    rows["source"] = source
    return rows


def _expected(sources: list[list[tuple[int, list[int]]]]) -> list[tuple[int, int, int]]:
    # (time, source, place) of every row, by the rules written out one by one.
    keyed = []
    for rank, units in enumerate(sources):
        latest, place = -(1 << 62), 0
        for number, (_, times) in enumerate(units):
            latest = max(latest, *times)
            keyed.append((latest, rank, number, range(place, place + len(times))))
            place += len(times)
    keyed.sort(key=lambda unit: unit[:3])
    return [(time, rank, place) for time, rank, _, places in keyed for place in places]


def _result(merged: MergedSources) -> list[tuple[int, int, int]]:
    rows = np.concatenate([np.empty(0, EVENT), *merged])
    return [tuple(row) for row in rows[["receive_time_ns", "source", "sequence"]].tolist()]


@settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=200,
)
@given(st.lists(SOURCE, max_size=4), st.data(), st.sampled_from([1, 4, 1000]))
def test_the_order_is_total_and_no_chunking_changes_it(
    monkeypatch: pytest.MonkeyPatch,
    sources: list[list[tuple[int, list[int]]]],
    data: st.DataObject,
    least: int,
) -> None:
    monkeypatch.setattr(merge, "LEAST_ROWS", least)
    arrays = [_array(units, rank) for rank, units in enumerate(sources)]
    cuts = [data.draw(st.lists(st.integers(0, len(rows)), max_size=5)) for rows in arrays]
    chunked = [np.split(rows, sorted(cut)) for rows, cut in zip(arrays, cuts, strict=True)]
    merged = MergedSources(chunked)
    assert _result(merged) == _expected(sources)
    whole = MergedSources([[rows] for rows in arrays])
    assert _result(whole) == _expected(sources)
    assert whole.counts == merged.counts


def test_times_that_go_back_are_raised_and_counted(make_rows: Rows) -> None:
    merged = MergedSources([[make_rows([TRADE] * 4, [5, 3, 4, 6])], [make_rows([TRADE], [4])]])
    rows = np.concatenate(list(merged))
    assert rows["receive_time_ns"].tolist() == [4, 5, 5, 5, 6]
    assert merged.counts == (SourceCounts(4, 2, 0), SourceCounts(1, 0, 0))


def test_an_update_is_received_at_its_end_and_stays_whole(make_rows: Rows) -> None:
    book = make_rows([BEGIN, LEVEL, END], [1, 3, 5])
    trades = make_rows([TRADE] * 3, [2, 4, 6])
    rows = np.concatenate(list(MergedSources([[book], [trades]])))
    assert rows["kind"].tolist() == [TRADE, TRADE, BEGIN, LEVEL, END, TRADE]
    assert rows["receive_time_ns"].tolist() == [2, 4, 5, 5, 5, 6]


def test_an_update_without_end_is_left_out_and_counted(make_rows: Rows) -> None:
    merged = MergedSources([[make_rows([TRADE, BEGIN], [1, 2]), make_rows([LEVEL], [2])]])
    assert [len(rows) for rows in merged] == [1]
    assert merged.counts[0] == SourceCounts(1, 0, 2)


@pytest.mark.parametrize(
    ("kinds", "row"), [([TRADE, LEVEL], 1), ([BEGIN, TRADE], 1), ([END], 0), ([BEGIN, BEGIN], 1)]
)
def test_rows_out_of_their_update_are_refused(
    make_rows: Rows, kinds: list[EventKind], row: int
) -> None:
    with pytest.raises(DataError, match=f"source 0, row {row}: expected"):
        list(MergedSources([[make_rows(kinds, [1] * len(kinds))]]))


def test_memory_is_bounded_by_a_chunk_of_each_source(make_rows: Rows) -> None:
    read = [0, 0]

    def chunks(rank: int) -> Iterator[EventArray]:
        for k in range(50):
            read[rank] += 1
            yield make_rows([TRADE] * 20_000, [k * 20_000 + i for i in range(20_000)])

    given_on = 0
    for rows in MergedSources([chunks(0), chunks(1)]):
        given_on += len(rows)
        assert sum(read) * 20_000 - given_on <= 3 * 20_000
    assert given_on == 2 * 50 * 20_000


def test_merging_by_any_key(make_rows: Rows) -> None:
    rows = make_rows([TRADE] * 4, [9, 9, 9, 9])
    first = (np.array([1, 4]), rows[:2])
    second = (np.array([2, 4]), rows[2:])
    merged = np.concatenate(list(merge_by_key([iter([first]), iter([second])])))
    assert merged["sequence"].tolist() == [0, 2, 1, 3]
