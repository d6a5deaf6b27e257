"""What an asset's market did over time in words: who opened and closed, and who led."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.conviction import Leader, conviction
from undertow.flow.oi_regime import Regime, oi_regime
from undertow.plot.cvd_figure import known_series, price_curve
from undertow.plot.drawing import Curve, Drawing, Level, Mark, Numbers, Panel, Region
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink
from undertow.plot.series_until import series_until

_NS_PER_MINUTE = 60 * 10**9
_REGIMES = {
    Regime.ABSORPTION: Ink.SPOT,
    Regime.DISTRIBUTION: Ink.PERP,
    Regime.LONG_BUILD: Ink.BUY,
    Regime.SHORT_BUILD: Ink.SELL,
    Regime.LONG_UNWIND: Ink.MARK,
    Regime.SHORT_COVERING: Ink.TOTAL,
}
_LEADERS = {Leader.SPOT_LED: Ink.SPOT, Leader.PERP_LED: Ink.PERP, Leader.OPPOSED: Ink.MARK}


def regimes(source: AssetFlow | AssetSeries, minutes: int = 360, *, shown: int = 180) -> Figure:
    """Open-interest regimes at each of the last `shown` minutes, of a series of `minutes`.

    Each minute is judged by what had closed by then.
    """
    series = known_series(source, minutes)
    places = range(max(1, len(series) - shown), len(series))
    found = [oi_regime(series_until(series, place + 1)) for place in places]
    _require([one.is_sufficient for one in found])
    x = series.time_ns[places.start :]
    marks = _stretches(
        x,
        [one.regime.value for one in found],
        {regime.value: ink for regime, ink in _REGIMES.items()},
    )
    sizes = tuple(
        Curve(x, np.array([getattr(one, name) for one in found]), label, ink, 1.3)
        for name, label, ink in (
            ("price", "price", Ink.PRICE),
            ("cvd", "CVD", Ink.TOTAL),
            ("open_interest", "open interest", Ink.PERP),
        )
    )
    edges = tuple(Level(at, f"{at:+g}", Ink.QUIET) for at in (1.0, -1.0))
    return Figure(
        Drawing(
            title=f"{series.asset}, who opens and who closes",
            panels=(
                Panel("price (USD)", (*marks, _tail(price_curve(series), places.start)), 1.0),
                Panel("change in usual sizes", (*sizes, *edges), 1.0, has_zero=True),
            ),
            subtitle="shaded: the regime that had held for three minutes by then",
        )
    )


def leaders(source: AssetFlow | AssetSeries, minutes: int = 360, *, shown: int = 180) -> Figure:
    """Whether spot or perpetuals led at each of the last `shown` minutes."""
    series = known_series(source, minutes)
    places = range(max(1, len(series) - shown), len(series))
    found = [conviction(series_until(series, place + 1)) for place in places]
    _require([one.is_sufficient for one in found])
    x = series.time_ns[places.start :]
    inks = {leader.value: ink for leader, ink in _LEADERS.items()}
    marks = _stretches(x, [one.leader.value for one in found], inks)
    scores = tuple(
        Curve(x, np.array([getattr(one, name) for one in found]), label, ink, 1.4)
        for name, label, ink in (("spot_z", "spot", Ink.SPOT), ("perp_z", "perpetuals", Ink.PERP))
    )
    edges = tuple(Level(at, f"{at:+g}", Ink.QUIET) for at in (2.0, -2.0))
    return Figure(
        Drawing(
            title=f"{series.asset}, spot or leverage",
            panels=(
                Panel("price (USD)", (*marks, _tail(price_curve(series), places.start)), 1.0),
                Panel("score of the imbalance", (*scores, *edges), 1.0, has_zero=True),
            ),
            subtitle="each market's share of one-sided flow against its own past",
        )
    )


def _require(sufficient: list[bool]) -> None:
    if not any(sufficient):
        raise CallerError("expected minutes with a past long enough to judge by, found none")


def _stretches(x: Numbers, names: list[str], inks: dict[str, Ink]) -> list[Mark]:
    # Minutes in a row of one name are one region; each name is in the legend once.
    marks: list[Mark] = []
    named: set[str] = set()
    start = 0
    for place in range(1, len(names) + 1):
        if place < len(names) and names[place] == names[start]:
            continue
        ink = inks.get(names[start])
        if ink is not None:
            first_ns, last_ns = float(x[start] - _NS_PER_MINUTE), float(x[place - 1])
            label = "" if names[start] in named else names[start].replace("_", " ")
            named.add(names[start])
            marks.append(Region(first_ns, last_ns, None, None, ink, label, strength=0.25))
        start = place
    return marks


def _tail(curve: Curve, first: int) -> Curve:
    return Curve(curve.x[first:], curve.y[first:], curve.label, curve.ink, curve.width)
