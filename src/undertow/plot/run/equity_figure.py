"""Marked-to-market equity, what holding would have given, and how far under water it was."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.result import BacktestResult, EquityCurve
from undertow.plot.drawing import Curve, Drawing, Mark, Panel, Region
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink, venue_ink
from undertow.plot.run.thinned import thinned
from undertow.stats.drawdown import underwater
from undertow.stats.equity_returns import until_ruin


def equity(result: BacktestResult, others: Mapping[str, BacktestResult] | None = None) -> Figure:
    """The equity of a run, by strategy where there are several, beside holding its instruments in
    equal parts, with the drawdown below. others: further runs by name, such as other fills.
    """
    curve = result.equity
    marks: list[Mark] = [_deepest(curve)] if len(curve.equity) > 1 else []
    marks.append(_line(curve, "equity", Ink.TOTAL, 2.0))
    held = holding(result)
    if held is not None:
        marks.append(_line(held, "held instead", Ink.PRICE, 1.2, is_dashed=True))
    if len(result.curves) > 1:
        marks += [
            _line(one, name, venue_ink(place), 1.0)
            for place, (name, one) in enumerate(sorted(result.curves.items()))
        ]
    marks += [
        _line(other.equity, name, venue_ink(place), 1.2)
        for place, (name, other) in enumerate((others or {}).items())
    ]
    return Figure(
        Drawing(
            title=f"{', '.join(result.strategies)}: equity",
            panels=(
                Panel(f"equity ({result.reporting_currency})", tuple(marks), 1.0),
                Panel("under water (%)", (_water(curve),), 0.45, has_zero=True),
            ),
            subtitle=f"marked to market, {result.fills} fills, data: {result.fidelity}; shaded: "
            "the deepest drawdown",
            height_px=620,
        )
    )


def holding(result: BacktestResult) -> EquityCurve | None:
    """Equal parts of the starting balance in every instrument from the first close on, without
    costs; None without prices.
    """
    closes = [one for one in result.closes.values() if len(one.equity) and one.equity[0] > 0]
    if not closes:
        return None
    longest = max(closes, key=lambda one: len(one.equity))
    value = np.zeros(len(longest.equity))
    for one in closes:
        places = np.searchsorted(one.time_ns, longest.time_ns, side="right") - 1
        value += one.equity[np.maximum(places, 0)] / one.equity[0]
    part = result.starting_balance / len(closes)
    return EquityCurve(longest.time_ns, value * part, longest.step_ns)


def _line(
    curve: EquityCurve, label: str, ink: Ink, width: float, *, is_dashed: bool = False
) -> Curve:
    places = thinned(curve.equity)
    return Curve(curve.time_ns[places], curve.equity[places], label, ink, width, is_dashed)


def _water(curve: EquityCurve) -> Curve:
    depths: NDArray[np.float64] = underwater(until_ruin(curve.equity)) * 100.0
    places = thinned(depths)
    return Curve(curve.time_ns[places], depths[places], "under water", Ink.SELL, 1.0, fill_to=0.0)


def _deepest(curve: EquityCurve) -> Region:
    found = equity_measures(curve)
    note = f"{found.max_drawdown:.1%}" if found.max_drawdown < 0 else ""
    first, last = found.max_drawdown_start_ns, found.max_drawdown_end_ns
    return Region(first, last, None, None, Ink.SELL, "deepest drawdown", note, strength=0.08)
