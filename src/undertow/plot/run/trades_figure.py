"""The trades of one instrument on its price, and what each of them earned."""

import numpy as np

from undertow.backtest.result import BacktestResult, ClosedTrade
from undertow.domain.errors import CallerError, UnknownNameError
from undertow.domain.side import Side
from undertow.domain.suggestion import did_you_mean
from undertow.plot.drawing import Curve, Drawing, Mark, Panel, Points, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.run.thinned import thinned


def trades(result: BacktestResult, instrument_id: str = "") -> Figure:
    """Entries and exits on the closes of an instrument (the most traded one unless named)."""
    chosen = instrument_id or _most_traded(result)
    if chosen not in result.closes:
        raise UnknownNameError(
            f"expected an instrument of the run, found {chosen!r};"
            f"{did_you_mean(chosen, result.closes)}"
        )
    closes = result.closes[chosen]
    if len(closes.equity) < 2:
        raise CallerError(f"expected at least 2 closes of {chosen}, found {len(closes.equity)}")
    made = [trade for trade in result.trades if trade.instrument_id == chosen]
    places = thinned(closes.equity)
    price = Curve(closes.time_ns[places], closes.equity[places], "close", Ink.PRICE, 1.0)
    return Figure(
        Drawing(
            title=f"{chosen}: {len(made)} trades",
            panels=(
                Panel("price", (price, *_entries(made), *_exits(made))),
                Panel(
                    f"result ({result.reporting_currency})",
                    (_results(made, won=True), _results(made, won=False)),
                    0.5,
                    has_zero=True,
                ),
            ),
            subtitle="triangles: entries up and down; crosses: exits; below: result of each trade "
            "after fees and funding, at its exit",
            height_px=680,
        )
    )


def _most_traded(result: BacktestResult) -> str:
    counts = dict.fromkeys(result.closes, 0)
    for trade in result.trades:
        counts[trade.instrument_id] = counts.get(trade.instrument_id, 0) + 1
    if not counts:
        raise CallerError("expected a run with prices to draw, found none")
    return max(counts, key=lambda name: counts[name])


def _entries(made: list[ClosedTrade]) -> list[Mark]:
    kinds = (
        (Side.BUY, "long entry", Ink.BUY, Shape.UP),
        (Side.SELL, "short entry", Ink.SELL, Shape.DOWN),
    )
    marks: list[Mark] = []
    for side, label, ink, shape in kinds:
        chosen = [trade for trade in made if trade.side is side]
        if chosen:
            at = np.array([trade.open_time_ns for trade in chosen])
            prices = np.array([trade.entry_price for trade in chosen])
            notes = tuple(trade.entry_tag or f"#{trade.trade_id}" for trade in chosen)
            marks.append(Points(at, prices, label, ink, shape, 8.0, notes))
    return marks


def _exits(made: list[ClosedTrade]) -> list[Mark]:
    if not made:
        return []
    at = np.array([trade.close_time_ns for trade in made])
    prices = np.array([trade.exit_price for trade in made])
    notes = tuple(f"{trade.exit_reason} {trade.pnl:+.2f}" for trade in made)
    return [Points(at, prices, "exit", Ink.MARK, Shape.CROSS, 8.0, notes)]


def _results(made: list[ClosedTrade], *, won: bool) -> Points:
    chosen = [trade for trade in made if (trade.pnl > 0) is won]
    at = np.array([trade.close_time_ns for trade in chosen], np.int64)
    results = np.array([trade.pnl for trade in chosen], np.float64)
    label, ink = ("won", Ink.BUY) if won else ("lost or even", Ink.SELL)
    return Points(at, results, label, ink, Shape.DOT, 6.0)
