"""Resampling is checked against a slow loop over groups, and against every way of cutting."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.storage.catalog.candles import (
    Candles,
    joined,
    no_candles,
    resampled,
    resampled_parts,
)
from undertow.storage.catalog.series_part import UNKNOWN
from undertow.storage.catalog.timeframe_names import open_times

Make = Callable[..., Candles]


def slow(candles: Candles, timeframe: str) -> list[tuple[int, ...]]:
    groups: dict[int, list[int]] = {}
    opens = open_times(candles.opens_ns, timeframe).tolist()
    for row, key in enumerate(opens):
        groups.setdefault(key, []).append(row)
    found: list[tuple[int, ...]] = []
    for key, rows in groups.items():
        c = {name: values[rows].tolist() for name, values in candles.columns.items()}
        found.append(
            (key, c["open"][0], max(c["high"]), min(c["low"]), c["close"][-1], sum(c["volume"]))
        )
    return found


def rows_of(candles: Candles) -> list[tuple[int, ...]]:
    names = ("time_ns", "open", "high", "low", "close", "volume")
    return list(zip(*(candles.columns[name].tolist() for name in names), strict=True))


@pytest.mark.parametrize("timeframe", ["15m", "1h", "1d"])
def test_larger_bars(make_candles: Make, timeframe: str) -> None:
    candles = make_candles(864)  # three whole days
    assert rows_of(resampled(candles, timeframe)) == slow(candles, timeframe)


def test_bars_that_are_not_whole_at_the_ends_are_left_out(make_candles: Make) -> None:
    candles = make_candles(40).part(slice(1, 38))  # 00:05 to 03:10
    made = resampled(candles, "1h")
    assert rows_of(made) == slow(candles, "1h")[1:3]
    inner = make_candles(36).part(np.arange(36) != 20)
    assert rows_of(resampled(inner, "1h")) == slow(inner, "1h")


def test_cuts_do_not_matter(make_candles: Make) -> None:
    candles = make_candles(120, told=True).part(slice(5, 118))
    whole = rows_of(resampled(candles, "1h"))
    rng = np.random.default_rng(4)
    for _ in range(30):
        borders = [0, *sorted(rng.integers(0, 113, 6).tolist()), 113]
        parts = [candles.part(slice(a, b)) for a, b in pairwise(borders)]
        made = [part for part in resampled_parts(parts, "1h") if len(part)]
        assert rows_of(joined(made)) == whole


def test_unknown_stays_unknown(make_candles: Make) -> None:
    candles = make_candles(12, told=True)
    candles.columns["bought"][3] = UNKNOWN
    made = resampled(candles, "30m")
    assert made.columns["bought"].tolist() == [UNKNOWN, int(candles.columns["bought"][6:].sum())]


def test_finer_steps_keep_the_numbers(make_candles: Make) -> None:
    candles = make_candles(10)
    finer = candles.in_steps(Step(5, 3), Step(1, 6))
    assert finer.price("close").tolist() == candles.price("close").tolist()
    assert finer.volume.tolist() == candles.volume.tolist()
    assert set(finer.columns["bought"].tolist()) == {UNKNOWN}


def test_a_span_takes_whole_bars(make_candles: Make) -> None:
    candles = make_candles(10)
    start = int(candles.opens_ns[0])
    assert len(candles.between(start + 1, start + 3 * 300 * 10**9)) == 2
    assert len(candles.between(start, start + 1)) == 0
    assert len(no_candles("5m", Step(1, 0), Step(1, 0)).between(0, 9)) == 0
    assert len(resampled(no_candles("5m", Step(1, 0), Step(1, 0)), "1h")) == 0
