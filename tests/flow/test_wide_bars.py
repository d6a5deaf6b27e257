"""Wide bars against a plain fold of the bars they are made of."""

from collections.abc import Iterator

import numpy as np
import pytest

from undertow.domain.bar import Bar, bar_open_s
from undertow.domain.errors import ConfigurationError
from undertow.flow.wide_bars import KEPT, WideBars, only

S = 1_000_000_000
MONDAY_S = 1_699_833_600  # 2023-11-13 00:00 UTC


def parts(count: int, length_s: int, start_s: int = MONDAY_S) -> Iterator[Bar]:
    rng = np.random.default_rng(5)
    price = 1_000
    for k in range(count):
        opened, price = price, price + int(rng.integers(-9, 10))
        high, low = max(opened, price) + 2, min(opened, price) - 2
        lots = int(rng.integers(5))
        sums = (lots, 2 * lots, lots, lots, float(lots))
        yield Bar(0, length_s, (start_s + k * length_s) * S, opened, high, low, price, *sums)


def fed(wide: WideBars, bars: Iterator[Bar]) -> list[Bar]:
    return [closed for bar in bars for closed in wide.take(bar)]


@pytest.mark.parametrize(
    ("timeframe_s", "part_s"), [(180, 60), (3_600, 900), (14_400, 3_600), (86_400, 900)]
)
def test_a_wide_bar_is_the_merger_of_its_parts(timeframe_s: int, part_s: int) -> None:
    wide = WideBars()
    wide.subscribe(0, timeframe_s)
    count = 3 * timeframe_s // part_s
    closed = fed(wide, parts(count, part_s))
    rows = list(parts(count, part_s))
    for k, bar in enumerate(closed):
        first_s = bar.open_time_ns // S
        group = [row for row in rows if bar_open_s(row.open_time_ns // S, timeframe_s) == first_s]
        traded = [row for row in group if row.buy_trades]
        assert bar.timeframe_s == timeframe_s
        assert bar.open_time_ns == (MONDAY_S + k * timeframe_s) * S
        assert bar.high_ticks == max(row.high_ticks for row in traded)
        assert bar.low_ticks == min(row.low_ticks for row in traded)
        assert (bar.open_ticks, bar.close_ticks) == (traded[0].open_ticks, traded[-1].close_ticks)
        assert bar.volume_lots == sum(row.volume_lots for row in group)
    assert len(closed) == 3


def test_a_given_bar_of_the_length_itself_closes_at_once() -> None:
    wide = WideBars()
    wide.subscribe(0, 86_400)
    (closed,) = fed(wide, parts(1, 86_400, MONDAY_S + 3_600))
    assert closed.open_time_ns == (MONDAY_S + 3_600) * S  # a venue's day may begin elsewhere


def test_missing_parts_end_a_bar_late_and_are_not_invented() -> None:
    wide = WideBars()
    wide.subscribe(0, 3_600)
    kept = [bar for k, bar in enumerate(parts(9, 900)) if k not in (3, 4)]
    (first, second) = fed(wide, iter(kept))
    assert first.open_time_ns == MONDAY_S * S
    assert second.open_time_ns == (MONDAY_S + 3_600) * S
    assert wide.bar_count(0, 3_600) == 2


def test_parts_of_another_length_than_the_first_do_not_count_twice() -> None:
    wide = WideBars()
    wide.subscribe(0, 86_400)
    assert len(fed(wide, parts(1, 86_400))) == 1
    assert fed(wide, parts(96, 900, MONDAY_S + 86_400)) == []


def test_weeks_begin_on_monday() -> None:
    wide = WideBars()
    wide.subscribe(0, 604_800)
    closed = fed(wide, parts(14, 86_400, MONDAY_S - 2 * 86_400))
    assert [bar.open_time_ns // S - MONDAY_S for bar in closed] == [-604_800, 0]


def test_only_the_last_ones_are_kept_and_can_be_read() -> None:
    wide = WideBars()
    wide.subscribe(0, 180)
    fed(wide, parts(3 * (KEPT + 5), 60))
    assert wide.bar_count(0, 180) == KEPT + 5
    assert len(wide.bars(0, 180, 10_000)) == KEPT
    newest = wide.bars(0, 180, 2)
    assert newest["open_time_ns"].tolist() == [
        (MONDAY_S + 180 * (KEPT + k)) * S for k in (3, 4)
    ]  # fmt: skip


def test_a_snapshot_goes_on_as_if_never_stopped() -> None:
    rows = list(parts(40, 900))
    straight, first = WideBars(), WideBars()
    for wide in (straight, first):
        wide.subscribe(0, 3_600)
    expected = fed(straight, iter(rows))
    found = fed(first, iter(rows[:18]))
    second = WideBars()
    second.subscribe(0, 3_600)
    second.restore(first.snapshot())
    found += fed(second, iter(rows[18:]))
    assert found == expected
    assert second.snapshot() == straight.snapshot()


def test_unknown_lengths_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected a timeframe"):
        WideBars().subscribe(0, 420)


def test_only_keeps_what_is_wanted() -> None:
    rows = list(parts(2, 900))
    assert only(rows, {(0, 900)}) == rows
    assert only(rows, {(0, 60)}) == []
