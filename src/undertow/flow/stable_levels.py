"""Stable levels of a heatmap: where quantity rested long and thick (FLOW-09).

Each cell of the heatmap weighs its lots times the seconds it stood. A Gaussian kernel density of
those weights over price smooths the rows (scipy.ndimage); the rows whose density is above a
multiple of the side's mean are clustered by price as DBSCAN does (Ester, Kriegel, Sander & Xu
1996), so that rows next to each other become one level: single linkage (scipy.cluster) of the rows
with enough neighbours, and the rows at their edges. Each side is taken by itself. Nothing random
is involved: equal heatmaps give equal levels. scipy takes a quarter of a second to load, at the
first call.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.domain.side import Side
from undertow.flow.heatmap import Heatmap

LEAST_COLUMNS = 6
"""A minute of columns: before it nothing has been stable."""


class StableLevel(msgspec.Struct, frozen=True, gc=False):
    """A band of price in which quantity rested; BUY is below the market.

    price: mean of its rows, weighted by lots times seconds. low, high: its edges. lots: mean
    resting in the band over the heatmap's time. share: of the side's lots times seconds. present:
    share of the time in which the band held at least half its mean. density: highest smoothed
    weight over the side's mean.
    """

    side: Side
    price: float
    low: float
    high: float
    lots: float
    share: float
    present: float
    density: float


class StableRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """bandwidth_rows: standard deviation of the kernel. least_density: multiple of the side's mean
    density that makes a row part of a level. gap_rows: rows of one level are at most so far apart.
    least_rows: DBSCAN's least number of rows. least_present: levels present for a smaller share of
    the time are left out.
    """

    bandwidth_rows: float = 1.0
    least_density: float = 1.5
    gap_rows: float = 1.0
    least_rows: int = 1
    least_present: float = 0.5

    def __post_init__(self) -> None:
        if min(self.bandwidth_rows, self.least_density, self.gap_rows) <= 0.0:
            raise ConfigurationError("expected bandwidth, density and gap above 0")
        if self.least_rows < 1 or not 0.0 <= self.least_present <= 1.0:
            raise ConfigurationError("expected least_rows above 0 and least_present in [0, 1]")


DEFAULT_RULES = StableRules()


def stable_levels(heatmap: Heatmap, rules: StableRules = DEFAULT_RULES) -> tuple[StableLevel, ...]:
    """Levels of both sides, ascending in price; none below `LEAST_COLUMNS` columns."""
    if len(heatmap) < LEAST_COLUMNS:
        return ()
    found = [
        level
        for side, lots in ((Side.BUY, heatmap.bid_lots), (Side.SELL, heatmap.ask_lots))
        for level in _levels_of(heatmap, side, lots, rules)
    ]
    return tuple(sorted(found, key=lambda level: (level.price, level.side)))


def smoothed(weights: NDArray[np.float64], bandwidth: float) -> NDArray[np.float64]:
    """Gaussian kernel density of weighted rows at each row, over the mean density of the rows.

    weights: of rows that follow on each other. bandwidth: standard deviation in rows.
    """
    from scipy.ndimage import gaussian_filter1d

    # Nothing lies outside the rows, and a kernel over all of them is cut off nowhere.
    reach = len(weights)
    density = gaussian_filter1d(weights, bandwidth, mode="constant", radius=reach)
    return np.asarray(density / density.mean())


def row_groups(
    rows: NDArray[np.int64], gap_rows: float, least_rows: int
) -> list[NDArray[np.int64]]:
    """Rows, ascending, in the groups that DBSCAN makes of them; rows of no group are left out.

    A row with at least `least_rows` rows within `gap_rows`, itself among them, is a core; cores
    within the gap of each other are one group, and any other row joins the lowest core in reach.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    first = np.searchsorted(rows, rows - gap_rows, side="left")
    past = np.searchsorted(rows, rows + gap_rows, side="right")
    cores = rows[past - first >= least_rows]
    if len(cores) == 0:
        return []
    labels = np.ones(1, np.int64)
    if len(cores) > 1:
        chained = linkage(cores[:, None].astype(np.float64), "single")
        labels = fcluster(chained, gap_rows, "distance")
    nearest = np.searchsorted(cores, rows - gap_rows, side="left").clip(max=len(cores) - 1)
    is_reached = np.abs(cores[nearest] - rows) <= gap_rows
    own = np.where(is_reached, labels[nearest], 0)
    return [rows[own == label] for label in np.unique(labels)]


def _levels_of(
    heatmap: Heatmap, side: Side, lots: NDArray[np.float64], rules: StableRules
) -> list[StableLevel]:
    weights = heatmap.seconds @ lots
    if not weights.any():
        return []
    used = np.flatnonzero(weights > 0.0)
    rows = np.arange(used[0], used[-1] + 1)
    density = smoothed(weights[rows], rules.bandwidth_rows)
    # A single row that holds everything has nothing to be compared with: it is a level.
    is_dense = (density >= rules.least_density) | (len(used) == 1)
    dense = rows[is_dense & (weights[rows] > 0.0)]
    found = []
    for band in row_groups(dense, rules.gap_rows, rules.least_rows):
        level = _level(heatmap, side, lots, band, float(density[band - rows[0]].max()))
        if level.present >= rules.least_present:
            found.append(level)
    return found


def _level(
    heatmap: Heatmap,
    side: Side,
    lots: NDArray[np.float64],
    band: NDArray[np.int64],
    density: float,
) -> StableLevel:
    weights = heatmap.seconds @ lots[:, band]
    held = lots[:, band].sum(axis=1)
    time = float(heatmap.seconds.sum())
    mean = float(heatmap.seconds @ held) / time
    middles = heatmap.prices[band] + heatmap.row_height / 2.0
    return StableLevel(
        side=side,
        price=float(middles @ weights / weights.sum()),
        low=float(heatmap.prices[band[0]]),
        high=float(heatmap.prices[band[-1]] + heatmap.row_height),
        lots=mean,
        share=float(weights.sum() / (heatmap.seconds @ lots).sum()),
        present=float(heatmap.seconds @ (held >= 0.5 * mean)) / time,
        density=density,
    )
