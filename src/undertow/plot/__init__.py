"""Figures of the order flow: described once as data, drawn as an HTML page or as an image.

The libraries that draw (`pip install undertow[plot]`) are imported when something is drawn.
"""

from undertow.plot.bars_figure import bars
from undertow.plot.cvd_figure import cvd_by_venue
from undertow.plot.figure import Figure
from undertow.plot.heatmap_figure import heatmap
from undertow.plot.imbalance_figure import imbalance
from undertow.plot.liquidation_figure import liquidations
from undertow.plot.ofi_figure import ofi
from undertow.plot.open_interest_figure import open_interest
from undertow.plot.profile_figure import profile
from undertow.plot.zones_figure import zones

__all__ = [
    "Figure",
    "bars",
    "cvd_by_venue",
    "heatmap",
    "imbalance",
    "liquidations",
    "ofi",
    "open_interest",
    "profile",
    "zones",
]
