"""Figures of the order flow: described once as data, drawn as an HTML page or as an image.

The libraries that draw (`pip install undertow[plot]`) are imported when something is drawn.
"""

from undertow.plot.bars_figure import bars
from undertow.plot.book_imbalance_figure import book_imbalance
from undertow.plot.cvd_figure import cvd_by_venue
from undertow.plot.depth_figure import depth
from undertow.plot.divergence_figure import divergences
from undertow.plot.figure import Figure
from undertow.plot.footprint_figure import footprint
from undertow.plot.heatmap_figure import heatmap
from undertow.plot.imbalance_figure import imbalance
from undertow.plot.level_figure import levels
from undertow.plot.level_flow_figure import level_flows
from undertow.plot.liquidation_figure import liquidations
from undertow.plot.liquidation_map_figure import liquidation_map
from undertow.plot.ofi_figure import ofi
from undertow.plot.open_interest_figure import open_interest
from undertow.plot.profile_figure import profile
from undertow.plot.regime_figure import leaders, regimes
from undertow.plot.wall_figure import walls
from undertow.plot.whale_figure import whales
from undertow.plot.zones_figure import zones

__all__ = [
    "Figure",
    "bars",
    "book_imbalance",
    "cvd_by_venue",
    "depth",
    "divergences",
    "footprint",
    "heatmap",
    "imbalance",
    "leaders",
    "level_flows",
    "levels",
    "liquidation_map",
    "liquidations",
    "ofi",
    "open_interest",
    "profile",
    "regimes",
    "walls",
    "whales",
    "zones",
]
