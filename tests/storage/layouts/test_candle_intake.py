"""Every flaw planted once, found, counted, kept apart; sound rows come through exactly."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import DataError
from undertow.storage.catalog.series_part import UNKNOWN
from undertow.storage.layouts.candle_intake import take_in
from undertow.storage.layouts.candle_layout import CandleTable

START, MINUTE = 1_704_067_200 * 10**9, 60 * 10**9
ROW = (10.0, 12.0, 9.0, 11.0, 5.0)


def table(
    rows: dict[int, tuple[float, ...]] | None = None, count: int = 6, **columns: Any
) -> CandleTable:
    values = [list(ROW) for _ in range(count)]
    for place, row in (rows or {}).items():
        values[place] = list(row)
    names = ("open", "high", "low", "close", "volume")
    found = {name: np.array([row[n] for row in values]) for n, name in enumerate(names)}
    found |= {"bought": np.full(count, np.nan), "trades": np.full(count, np.nan)}
    found["times_ns"] = START + np.arange(count) * MINUTE
    return CandleTable(layout="test", **{**found, **columns})


def test_sound_rows_come_through() -> None:
    taken = take_in(table(bought=np.full(6, 2.5), trades=np.full(6, 3.0)))
    assert (len(taken.candles), taken.flaws, taken.apart) == (6, {}, [])
    assert taken.candles.timeframe == "1m"
    assert taken.candles.columns["bought"].tolist() == [25] * 6
    assert taken.candles.columns["trades"].tolist() == [3] * 6
    assert set(take_in(table()).candles.columns["bought"].tolist()) == {UNKNOWN}


@pytest.mark.parametrize(
    ("reason", "row"),
    [
        ("nan", (10.0, np.nan, 9.0, 11.0, 5.0)),
        ("price", (10.0, 12.0, -9.0, 11.0, 5.0)),
        ("price", (0.0, 12.0, 0.0, 11.0, 5.0)),
        ("price", (10.0, 12.0, 9.0, 11.0, -5.0)),
        ("range", (10.0, 8.0, 9.0, 9.0, 5.0)),
        ("range", (13.0, 12.0, 9.0, 11.0, 5.0)),
        ("range", (10.0, 12.0, 9.0, 8.0, 5.0)),
    ],
)
def test_impossible_rows_are_kept_apart(reason: str, row: tuple[float, ...]) -> None:
    taken = take_in(table({2: row}))
    assert taken.flaws == {reason: 1}
    assert [(one.reason, one.time_ns) for one in taken.apart] == [(reason, START + 2 * MINUTE)]
    assert len(taken.candles) == 5


def test_order_repeats_and_contradictions() -> None:
    places = np.array([0, 2, 1, 3, 3, 4])
    taken = take_in(table(times_ns=START + places * MINUTE))
    assert taken.flaws == {"unsorted": 1, "duplicate": 1}
    assert np.diff(taken.candles.opens_ns).tolist() == [MINUTE] * 4
    taken = take_in(table({4: (10.0, 12.0, 9.0, 9.5, 5.0)}, times_ns=START + places * MINUTE))
    assert taken.flaws == {"unsorted": 1, "conflict": 1}
    assert taken.apart[0].values["close"] == 9.5
    # The first of a time stays.
    assert taken.candles.price("close").tolist() == [11.0] * 5


def test_bars_inside_others() -> None:
    times = START + np.array([0, 60, 90, 120, 180, 240]) * 10**9
    taken = take_in(table(times_ns=times))
    assert taken.flaws == {"overlapping": 1}
    assert taken.apart[0].time_ns == START + 90 * 10**9
    assert len(taken.candles) == 5


def test_missing_times_volumes_and_noise() -> None:
    times = START + np.arange(6) * MINUTE
    times[3] = 0
    assert take_in(table(times_ns=times)).flaws == {"time": 1}
    volume = np.array([1.0, np.nan, 2, 3, 4, 5])
    taken = take_in(table(volume=volume))
    assert (taken.flaws, taken.candles.volume[1]) == ({"no_volume": 1}, 0.0)
    close = np.full(6, 11.0)
    close[2] = 10.999999999999998
    assert take_in(table(close=close)).flaws == {"noise": 1}
    third = np.full(6, 1 / 3)
    same = table(open=third, high=third, low=third, close=third)
    assert take_in(same).flaws == {"rounded": 1}


def test_nothing_and_unknown_lengths() -> None:
    with pytest.raises(DataError, match="without a row"):
        take_in(table(count=0))
    with pytest.raises(DataError, match="say which it is"):
        take_in(table(count=1))
    assert len(take_in(table(count=1), "1m").candles) == 1
    all_bad = take_in(table(dict.fromkeys(range(6), (-1.0,) * 5)), "1m")
    assert (len(all_bad.candles), all_bad.flaws) == (0, {"price": 6})


@given(st.permutations(range(8)), st.lists(st.integers(0, 7), max_size=4))
def test_every_row_is_taken_or_accounted_for(order: list[int], repeats: list[int]) -> None:
    places = np.array([*order, *repeats])
    taken = take_in(table(count=len(places), times_ns=START + places * MINUTE), "1m")
    assert len(taken.candles) == 8
    assert taken.flaws.get("duplicate", 0) == len(repeats)
