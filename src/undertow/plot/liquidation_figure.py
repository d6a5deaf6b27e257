"""Forced orders of an asset's perpetuals beside its price."""

import numpy as np

from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.plot.cvd_figure import known_series, price_curve
from undertow.plot.drawing import Columns, Curve, Drawing, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink

_NS_PER_MINUTE = 60 * 10**9


def liquidations(source: AssetFlow | AssetSeries, minutes: int = 240) -> Figure:
    """The last closed `minutes`: shorts closed by forced buying above zero, longs below."""
    series = known_series(source, minutes)
    bought = np.nan_to_num(series.liquidated_buy_usd) / 1e3
    sold = np.nan_to_num(series.liquidated_sell_usd) / 1e3
    middle, width = series.time_ns - _NS_PER_MINUTE // 2, float(_NS_PER_MINUTE)
    forced = (
        Columns(middle, bought, width, "shorts closed", Ink.BUY),
        Columns(middle, -sold, width, "longs closed", Ink.SELL),
    )
    net = Curve(series.time_ns, np.cumsum(bought - sold), "", Ink.TOTAL, fill_to=0.0)
    return Figure(
        Drawing(
            title=f"{series.asset}, liquidations",
            panels=(
                Panel("price (USD)", (price_curve(series),), 1.0),
                Panel("forced (thousand USD/min)", forced, 0.8, has_zero=True),
                Panel("net, summed (thousand USD)", (net,), 0.6, has_zero=True),
            ),
            subtitle="forced buying closes shorts, forced selling closes longs; as the venues"
            " report it",
        )
    )
