"""Time bars: lateness, flat stretches, holes, and a plain twin."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.flow.bar_kinds import TimeBars
from undertow.kernels.bars.bar_layout import MOST_FLAT

Make = Callable[..., Any]
S = 1_000_000_000
NAMES = ["open_time_ns", "open_ticks", "high_ticks", "low_ticks", "close_ticks", "buy_lots",
         "sell_lots"]  # fmt: skip


def shown(bars: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in bars[NAMES].tolist()]


def test_a_bar_waits_for_the_lateness(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TimeBars(10, lateness_ns=2 * S))
    early = [(11 * S, 100, 1, 1), (19 * S, 104, 1, -1), (21 * S, 90, 7, 1), (18 * S, 99, 2, 1)]
    assert len(builder.push(rows_of(early))) == 0
    assert builder.counters["disordered_trades"] == 1
    bars = builder.push(rows_of([(22 * S, 91, 1, 1)]))
    assert shown(bars) == [(10 * S, 100, 104, 99, 104, 3.0, 1.0)]
    assert bars["close_time_ns"][0] == 20 * S


def test_a_late_trade_is_counted_and_changes_nothing(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TimeBars(10, lateness_ns=0))
    builder.push(rows_of([(11 * S, 100, 1, 1), (25 * S, 101, 1, 1), (12 * S, 500, 9, 1)]))
    assert builder.counters["late_trades"] == 1
    assert shown(builder.closed()) == [(10 * S, 100, 100, 100, 100, 1.0, 0.0)]
    assert builder.forming()["high_ticks"].tolist() == [101]


def test_the_earliest_opens_and_the_latest_closes(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TimeBars(10, lateness_ns=5 * S))
    rows = [(15 * S, 100, 1, 1), (12 * S, 101, 1, 1), (15 * S, 102, 1, 1), (14 * S, 103, 1, 1)]
    bars = builder.push(rows_of([*rows, (25 * S, 1, 1, 1)]))
    assert shown(bars)[0][1:5] == (101, 103, 100, 102)


def test_stretches_without_trades_are_flat(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TimeBars(10, lateness_ns=0))
    bars = builder.push(rows_of([(11 * S, 100, 1, 1), (45 * S, 90, 1, 1)]))
    assert shown(bars)[1:] == [(t * S, 100, 100, 100, 100, 0.0, 0.0) for t in (20, 30)]
    assert np.isnan(bars["vwap_ticks"][1])
    assert bars["value"][1] == 0.0


def test_time_passes_without_trades_when_told(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TimeBars(10))
    assert len(builder.advance_to(10**15)) == 0
    builder.push(rows_of([(11 * S, 100, 1, 1)]))
    assert len(builder.advance_to(20 * S)) == 0
    assert builder.advance_to(31 * S)["open_time_ns"].tolist() == [10 * S, 20 * S]


def test_a_long_hole_is_left_out(make_builder: Make, rows_of: Make) -> None:
    builder = make_builder(TimeBars(1, lateness_ns=0))
    far = (MOST_FLAT + 100) * S
    trades = [(S, 100, 1, 1), (far, 101, 1, 1), (far + S, 101, 1, 1)]
    assert builder.push(rows_of(trades))["open_time_ns"].tolist() == [S, far]
    assert builder.counters["long_holes"] == 1
    filled = make_builder(TimeBars(1, lateness_ns=0))
    near = (S, 100, 1, 1), (9000 * S, 101, 1, 1)
    assert len(filled.push(rows_of(near))) == 8999


@pytest.mark.parametrize("seconds", [1, 7, 60])
@pytest.mark.parametrize("lateness_ns", [0, S, 20 * S])
def test_as_the_plain_twin(
    seconds: int, lateness_ns: int, make_builder: Make, rows_of: Make, random_trades: Make
) -> None:
    trades = random_trades(6, 3000)
    rng = np.random.default_rng(1)
    order = np.argsort(
        [t[0] + int(rng.integers(0, lateness_ns + 1)) for t in trades], kind="stable"
    )
    shuffled = [trades[k] for k in order]
    builder = make_builder(TimeBars(seconds, lateness_ns))
    bars = builder.push(rows_of(shuffled))
    assert builder.counters["late_trades"] == 0
    length = seconds * S
    last = (max(t[0] for t in trades) - lateness_ns) // length
    expected, close = [], 0
    for stretch in range(min(t[0] for t in trades) // length, last):
        inside = [t for t in shuffled if t[0] // length == stretch]
        times = sorted(inside, key=lambda t: t[0])
        if inside:
            opened, close = times[0][1], times[-1][1]
            most, least = max(t[1] for t in inside), min(t[1] for t in inside)
        else:
            opened = most = least = close
        bought = sum(t[2] for t in inside if t[3] > 0)
        sold = sum(t[2] for t in inside if t[3] < 0)
        expected.append((stretch * length, opened, most, least, close, bought, sold))
    assert shown(bars) == expected
