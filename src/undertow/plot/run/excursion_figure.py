"""How far trades went against and for us, and how their results are spread."""

import numpy as np

from undertow.backtest.result import BacktestResult, ClosedTrade
from undertow.domain.errors import CallerError
from undertow.plot.drawing import Columns, Drawing, Panel, Points, Shape
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink

_BINS = 41


def excursions(result: BacktestResult) -> Figure:
    """Result of each trade over its worst (MAE) and its best (MFE) unrealised result.

    Losers that were once far in profit want a closer trail; winners that were first far under water
    want a wider stop, or were luck.
    """
    made = _some(result)
    worst = np.array([trade.mae for trade in made])
    best = np.array([trade.mfe for trade in made])
    results = np.array([trade.pnl for trade in made])
    won = results > 0
    money = result.reporting_currency
    panels = [
        Panel(
            f"result ({money})",
            tuple(
                Points(place[chosen], results[chosen], f"{word}, {name}", ink, shape, 6.0)
                for chosen, word, ink, shape in (
                    (won, "won", Ink.BUY, Shape.DOT),
                    (~won, "lost or even", Ink.SELL, Shape.DIAMOND),
                )
            ),
            x_label=f"{name} ({money})",
            has_zero=True,
        )
        for name, place in (("MAE", worst), ("MFE", best))
    ]
    return Figure(
        Drawing(
            title=f"{', '.join(result.strategies)}: excursions of {len(made)} trades",
            panels=tuple(panels),
            subtitle="MAE: the worst unrealised result while held; MFE: the best",
            x_label=f"excursion ({money})",
            has_time_axis=False,
            height_px=640,
        )
    )


def results(result: BacktestResult) -> Figure:
    """How often trades earned how much."""
    made = _some(result)
    earned = np.array([trade.pnl for trade in made])
    span = float(np.abs(earned).max()) or 1.0
    edges = np.linspace(-span, span, _BINS + 1)
    counts = np.histogram(earned, edges)[0].astype(np.float64)
    middles, width = (edges[:-1] + edges[1:]) / 2.0, edges[1] - edges[0]
    lost = middles < 0
    return Figure(
        Drawing(
            title=f"{', '.join(result.strategies)}: results of {len(made)} trades",
            panels=(
                Panel(
                    "trades",
                    (
                        Columns(middles[lost], counts[lost], width, "lost", Ink.SELL),
                        Columns(middles[~lost], counts[~lost], width, "won or even", Ink.BUY),
                    ),
                    has_zero=True,
                ),
            ),
            subtitle="after fees and funding",
            x_label=f"result ({result.reporting_currency})",
            has_time_axis=False,
            height_px=420,
        )
    )


def _some(result: BacktestResult) -> tuple[ClosedTrade, ...]:
    if not result.trades:
        raise CallerError("expected a run with trades to draw, found none")
    return result.trades
