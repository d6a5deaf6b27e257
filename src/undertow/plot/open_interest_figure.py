"""Open interest of an asset beside its price, CVD, funding and basis."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.plot.cvd_figure import known_series, price_curve
from undertow.plot.drawing import Columns, Curve, Drawing, Mark, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink, venue_ink

_NS_PER_MINUTE = 60 * 10**9


def open_interest(
    source: AssetFlow | AssetSeries, minutes: int = 240, *, regimes: tuple[Mark, ...] = ()
) -> Figure:
    """The last closed `minutes` of an asset's perpetuals. `regimes`: regions to lay under the
    price.
    """
    series = known_series(source, minutes)
    if not np.isfinite(series.open_interest_base).any():
        raise CallerError("expected minutes with open interest, found none")
    middle = series.time_ns - _NS_PER_MINUTE // 2
    change = Columns(middle, series.open_interest_change, float(_NS_PER_MINUTE), "")
    funding: list[Mark] = [
        Curve(series.time_ns, rate * 1e4, venue, venue_ink(place), 1.1)
        for place, (venue, rate) in enumerate(series.funding_by_venue.items())
        if np.isfinite(rate).any()
    ]
    funding.append(
        Curve(series.time_ns, series.funding_per_hour * 1e4, "all venues", Ink.TOTAL, 1.8)
    )
    held = Curve(series.time_ns, _path(series), "", Ink.PERP, 1.6, is_step=True)
    basis = Curve(series.time_ns, series.basis_bps, "", Ink.MARK, 1.2)
    coin = series.asset
    return Figure(
        Drawing(
            title=f"{coin}, open interest, funding and basis of the perpetuals",
            panels=(
                Panel("price (USD)", (*regimes, price_curve(series)), 0.9),
                Panel(f"open interest ({coin})", (held,), 0.7),
                Panel(f"change ({coin}/min)", (change,), 0.5, has_zero=True),
                Panel("funding (bps/hour)", tuple(funding), 0.6, has_zero=True),
                Panel("basis (bps)", (basis,), 0.5, has_zero=True),
            ),
            subtitle="open interest: the newest sum carried back by the changes of members that"
            " count in both minutes; funding above zero: longs pay",
            height_px=1000,
        )
    )


def _path(series: AssetSeries) -> NDArray[np.float64]:
    # Without steps where a member comes or goes: backwards from the newest sum of most members.
    present = (series.absence == 0).sum(axis=1)
    is_known = np.isfinite(series.open_interest_base)
    changes = np.cumsum(np.nan_to_num(series.open_interest_change))
    if not is_known.any():
        return np.full(len(series), np.nan)
    most = int(present[is_known].max())
    place = int(np.flatnonzero(is_known & (present == most))[-1])
    path = series.open_interest_base[place] + changes - changes[place]
    return np.where(is_known, path, np.nan)
