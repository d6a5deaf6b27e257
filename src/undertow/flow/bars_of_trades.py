"""Bars of any kind from columns of trades, for research: prices and quantities as plain numbers."""

from collections.abc import Mapping
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import BarKind, TimeBars
from undertow.kernels.bars.bar_layout import MOST_EXACT

PRICED_BAR = np.dtype(
    [
        ("open_time_ns", np.int64),
        ("close_time_ns", np.int64),
        ("open", np.float64),
        ("high", np.float64),
        ("low", np.float64),
        ("close", np.float64),
        ("vwap", np.float64),
        ("trades", np.int64),
        ("buy_trades", np.int64),
        ("sell_trades", np.int64),
        ("qty", np.float64),
        ("buy_qty", np.float64),
        ("sell_qty", np.float64),
        ("value", np.float64),
        ("theta", np.float64),
        ("expected_trades", np.float64),
        ("expected_imbalance", np.float64),
    ]
)
"""A bar in the columns' own units: prices, quantities, and value = sum of price * quantity."""

_MOST_DIGITS = 9


def bars_of(trades: Mapping[str, Any] | NDArray[np.void], kind: BarKind) -> NDArray[np.void]:
    """Bars (`PRICED_BAR`) of trades with columns time_ns, price, qty, side (+1 buyer, -1 seller).

    `trades` is a mapping, a structured array or a table with those columns. The unfinished last bar
    is not returned. Numbers are taken on the coarsest decimal grid that holds them, of at most 9
    digits, so sums of decimals are exact. Raises `CallerError` for rows that cannot be trades.
    """
    time_ns = np.asarray(trades["time_ns"], np.int64)
    price, qty = (np.asarray(trades[name], np.float64) for name in ("price", "qty"))
    side = np.asarray(trades["side"], np.int64)
    _require_trades(time_ns, price, qty, side)
    ticks, tick_digits = _on_grid(price)
    lots, lot_digits = _on_grid(qty)
    builder = BarBuilder(kind, _instrument(tick_digits, lot_digits), kept=1)
    bars = builder.push_columns(time_ns, ticks, lots, side)
    if isinstance(kind, TimeBars) and len(time_ns):
        last_ns = int(time_ns.max()) + kind.lateness_ns
        bars = np.concatenate((bars, builder.advance_to(last_ns)))
    return _priced(bars, kind, 10**tick_digits, 10**lot_digits)


def _require_trades(
    time_ns: NDArray[np.int64],
    price: NDArray[np.float64],
    qty: NDArray[np.float64],
    side: NDArray[np.int64],
) -> None:
    if len({column.shape for column in (time_ns, price, qty, side)}) != 1 or price.ndim != 1:
        raise CallerError("expected columns time_ns, price, qty and side of one length")
    is_good = np.isfinite(price) & np.isfinite(qty) & (price > 0.0) & (qty > 0.0)
    is_good &= (price < 1e15) & (qty < 1e15) & (np.abs(side) == 1) & (time_ns > 0)
    bad = np.flatnonzero(~is_good)
    if len(bad):
        raise CallerError(
            f"expected positive finite prices and quantities and sides of +1 or -1, found"
            f" {len(bad)} other rows, the first at {bad[0]}"
        )


def _on_grid(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    # Counts of 10 ** -digits, with the fewest digits that lose nothing, or as many as fit.
    most = _MOST_DIGITS
    if len(values):
        most = max(0, min(most, floor(log10(MOST_EXACT / float(values.max())))))
    for digits in range(most + 1):
        counts = np.rint(values * 10.0**digits)
        if digits == most or np.array_equal(counts / 10.0**digits, values):
            break
    if np.any(counts < 1):
        raise CallerError(f"expected prices and quantities of at least 1e-{digits}")
    return counts.astype(np.int64), digits


def _instrument(tick_digits: int, lot_digits: int) -> Instrument:
    steps = Step(1, tick_digits), Step(1, lot_digits)
    return Instrument("A/B", "research", "AB", MarketKind.SPOT, "A", "B", "B", *steps)


def _priced(
    bars: NDArray[np.void], kind: BarKind, per_price: int, per_unit: int
) -> NDArray[np.void]:
    out = np.empty(len(bars), PRICED_BAR)
    for name in ("open", "high", "low", "close", "vwap"):
        out[name] = bars[f"{name}_ticks"] / per_price
    for name in ("buy", "sell"):
        out[f"{name}_qty"] = bars[f"{name}_lots"] / per_unit
    out["qty"] = (bars["buy_lots"] + bars["sell_lots"]) / per_unit
    out["trades"] = bars["buy_trades"] + bars["sell_trades"]
    same = ("open_time_ns", "close_time_ns", "buy_trades", "sell_trades", "value")
    for name in (*same, "theta", "expected_trades", "expected_imbalance"):
        out[name] = bars[name]
    if getattr(kind, "measure", None) == "qty":
        out["theta"] /= per_unit
        out["expected_imbalance"] /= per_unit
    return out
