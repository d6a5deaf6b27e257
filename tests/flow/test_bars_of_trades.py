"""Bars of columns: decimals, the definitions' own numbers, and what is refused."""

from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.bar_kinds import (
    DollarBars,
    FixedImbalanceBars,
    Measure,
    RenkoBars,
    TickBars,
    TimeBars,
    VolumeBars,
)
from undertow.flow.bars_of_trades import PRICED_BAR, bars_of

S = 1_000_000_000
TRADES = {
    "time_ns": np.arange(1, 7) * S,
    "price": [100.0, 100.1, 99.9, 100.0, 100.2, 100.3],
    "qty": [0.1, 0.2, 0.7, 2.5, 0.25, 0.75],
    "side": [1, -1, 1, 1, -1, -1],
}


def test_sums_of_decimals_are_exact() -> None:
    bars = bars_of(TRADES, VolumeBars(1))
    assert bars["qty"].tolist() == [1.0, 2.5, 1.0]  # 0.1 + 0.2 + 0.7 in floats is below 1
    assert (bars["open"][0], bars["high"][0], bars["low"][0]) == (100.0, 100.1, 99.9)
    assert bars["vwap"][0] == pytest.approx((10 + 20.02 + 69.93) / 1.0)


def test_split_bars_and_values() -> None:
    bars = bars_of(TRADES, VolumeBars(1, is_split=True))
    assert bars["qty"].tolist() == [1.0] * 4
    dollars = bars_of(TRADES, DollarBars(100, is_split=True))
    assert dollars["value"] == pytest.approx([100.0] * 4)


def test_imbalance_in_the_columns_units() -> None:
    bars = bars_of(TRADES, FixedImbalanceBars(Measure.QTY, 0.6))
    assert bars["theta"].tolist() == [0.6, 2.5, -1.0]
    assert bars_of(TRADES, FixedImbalanceBars(Measure.TRADES, 2))["theta"].tolist() == [2.0, -2.0]


def test_bricks_in_price_units() -> None:
    assert bars_of(TRADES, RenkoBars(0.1))[["open", "close"]].tolist()[0] == (100.0, 100.1)


def test_time_bars_close_without_a_later_trade() -> None:
    bars = bars_of(TRADES, TimeBars(2))
    assert bars["open_time_ns"].tolist() == [0, 2 * S, 4 * S]
    assert bars["trades"].tolist() == [1, 2, 2]


def test_structured_arrays_and_long_fractions() -> None:
    layout = [("time_ns", "i8"), ("price", "f8"), ("qty", "f8"), ("side", "i1")]
    rows = np.array([(S, 100 / 3, 2 / 3, 1), (2 * S, 100 / 7, 1e6, -1)], layout)
    bars = bars_of(rows, TickBars(1))
    assert bars["close"] == pytest.approx([100 / 3, 100 / 7], abs=1e-9)
    assert bars["qty"] == pytest.approx([2 / 3, 1e6], abs=1e-9)
    assert bars.dtype == PRICED_BAR


@pytest.mark.parametrize(
    ("column", "value"),
    [("price", np.nan), ("price", -1.0), ("qty", 0.0), ("qty", np.inf), ("side", 0),
     ("price", 1e20), ("time_ns", 0)],
)  # fmt: skip
def test_rows_that_cannot_be_trades_are_named(column: str, value: Any) -> None:
    bad = {name: np.array(values) for name, values in TRADES.items()}
    bad[column][3] = value
    with pytest.raises(CallerError, match=r"found 1 other rows, the first at 3"):
        bars_of(bad, TickBars(1))


def test_columns_must_match() -> None:
    with pytest.raises(CallerError, match="of one length"):
        bars_of({**TRADES, "qty": [1.0]}, TickBars(1))
    with pytest.raises(CallerError, match="at least 1e-"):
        bars_of({**TRADES, "qty": [1e-12, 1, 1, 1, 1, 1]}, TickBars(1))


def test_no_trades_no_bars() -> None:
    empty: dict[str, list[float]] = {name: [] for name in TRADES}
    assert len(bars_of(empty, TimeBars(60))) == 0
