"""Price and cumulative volume delta of an asset: in all, spot, perpetuals, and by venue."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.plot.drawing import Curve, Drawing, Mark, Panel, Region
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink, venue_ink

_NS_PER_MINUTE = 60 * 10**9


def cvd_by_venue(source: AssetFlow | AssetSeries, minutes: int = 240) -> Figure:
    """The last closed `minutes` of an asset, in dollars. Minutes in which a venue did not count are
    gaps in its line and shaded in the last panel.
    """
    series = known_series(source, minutes)
    flows = (
        (series.total, "total", Ink.TOTAL, 2.0),
        (series.spot, "spot", Ink.SPOT, 1.4),
        (series.perp, "perpetuals", Ink.PERP, 1.4),
    )
    together = tuple(
        Curve(series.time_ns, flow.cvd_usd / 1e6, label, ink, width)
        for flow, label, ink, width in flows
        if np.isfinite(flow.cvd_usd).any()
    )
    by_venue: list[Mark] = [
        Curve(series.time_ns, flow.cvd_usd / 1e6, venue, venue_ink(place), 1.3)
        for place, (venue, flow) in enumerate(series.venues.items())
    ]
    by_venue += missing_stretches(series)
    return Figure(
        Drawing(
            title=f"{series.asset}, cumulative volume delta over {len(series.venues)} venues",
            panels=(
                Panel("price (USD)", (price_curve(series),), 0.9),
                Panel("CVD (million USD)", together, 0.9, has_zero=True),
                Panel("CVD by venue (million USD)", tuple(by_venue), 0.9, has_zero=True),
            ),
            subtitle="aggressive buying less selling, summed from the left edge; gaps: a member did"
            " not count",
            height_px=820,
        )
    )


def known_series(source: AssetFlow | AssetSeries, minutes: int) -> AssetSeries:
    """The asset's series; raises `CallerError` with fewer than 2 minutes."""
    series = source.series(minutes) if isinstance(source, AssetFlow) else source
    if len(series) < 2:
        raise CallerError(f"expected at least 2 closed minutes to draw, found {len(series)}")
    return series


def price_curve(series: AssetSeries) -> Curve:
    """Price over all members that count, free of jumps by who does."""
    return Curve(series.time_ns, series.path, "price over venues", Ink.PRICE, 1.5)


def missing_stretches(series: AssetSeries) -> list[Mark]:
    """Stretches of minutes in which at least one member did not count."""
    is_missing = (series.absence != 0).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_missing.astype(np.int8), [0]])))
    marks: list[Mark] = []
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        label = "" if marks else "a member missing"
        first_ns = int(series.time_ns[start]) - _NS_PER_MINUTE
        last_ns = int(series.time_ns[stop - 1])
        marks.append(Region(first_ns, last_ns, None, None, Ink.QUIET, label, strength=0.15))
    return marks
