"""Volume profile: point of control and value area of traded volume by price (FLOW-31).

The two-row rule of the CBOT Market Profile handbook: from the point of control outwards, the two
rows above are compared with the two rows below and the larger pair is added (tie: the upper pair)
until the area holds 70 % of the volume; at an edge what is left is added. Ties of the point of
control: the row nearest to the middle of the range, then the lower. Trades up to now only. The
other rule in use, one row at a time, is there as a variant and gives other areas.
"""

from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError

MOST_ROWS = 1_000_000
_ROUNDING = 1e-12


class ProfileShape(StrEnum):
    """Where the market found most agreement: in the middle third of its range, or at an end of it
    (it moved there and stayed).
    """

    BALANCED = "balanced"
    TRENDING_UP = "trending_up"
    TRENDING_DOWN = "trending_down"


class ProfileLocation(StrEnum):
    """A price against the value area; AT_* within the tolerance of that edge."""

    AT_VAL = "at_val"
    AT_VAH = "at_vah"
    INSIDE = "inside"
    ABOVE = "above"
    BELOW = "below"


class VolumeProfile(msgspec.Struct, frozen=True, gc=False):
    """Rows are named by their lowest tick: `vah_ticks` is the highest row of the value area and
    `row_ticks` its height.
    """

    poc_ticks: int
    vah_ticks: int
    val_ticks: int
    shape: ProfileShape
    total_lots: float
    row_ticks: int = 1

    def location(self, ticks: float, tolerance: float = 0.001) -> ProfileLocation:
        """Where a price lies; `tolerance` is a fraction of the edge's price. The nearer edge
        counts, and neither (INSIDE) when both are equally near.
        """
        top = self.vah_ticks + self.row_ticks - 1
        to_low, to_high = abs(ticks - self.val_ticks), abs(ticks - top)
        if to_low < to_high and to_low <= tolerance * abs(self.val_ticks):
            return ProfileLocation.AT_VAL
        if to_high < to_low and to_high <= tolerance * abs(top):
            return ProfileLocation.AT_VAH
        if ticks > top:
            return ProfileLocation.ABOVE
        return ProfileLocation.BELOW if ticks < self.val_ticks else ProfileLocation.INSIDE


def volume_profile(
    row_ticks: ArrayLike, lots: ArrayLike, value_share: float = 0.7, *, is_by_pairs: bool = True
) -> VolumeProfile | None:
    """The profile of rows (low ticks, ascending) and the lots traded in them; None without volume.

    Rows are as high as the largest step that leads to all of them; those that are left out traded
    nothing and still count as rows of the pair rule. Without
    `is_by_pairs` the area grows by the larger of the two neighbouring rows (tie: the upper) until
    it holds more than the share, as the package MarketProfile does it.
    """
    rows, volume, step = _dense(
        np.asarray(row_ticks, dtype=np.int64), np.asarray(lots, dtype=np.float64)
    )
    if not len(rows):
        return None
    poc = _point_of_control(volume)
    grow = _value_area if is_by_pairs else _value_area_by_rows
    low, high = grow(volume.tolist(), poc, value_share)
    return VolumeProfile(
        poc_ticks=int(rows[poc]),
        vah_ticks=int(rows[high]),
        val_ticks=int(rows[low]),
        shape=_shape(poc, len(rows)),
        total_lots=float(np.sum(volume)),
        row_ticks=step,
    )


def _dense(
    rows: NDArray[np.int64], lots: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    # Every row between the lowest and the highest that traded, and their common height.
    if rows.shape != lots.shape or rows.ndim != 1:
        raise CallerError(f"expected as many lots as rows, found {lots.shape} and {rows.shape}")
    gaps = np.diff(rows)
    if np.any(gaps <= 0) or np.any(lots < 0.0):
        raise CallerError("expected ascending rows and lots of 0 or more")
    step = int(np.gcd.reduce(gaps)) if len(gaps) else 1
    traded = np.flatnonzero(lots > 0.0)
    if not len(traded):
        return rows[:0], lots[:0], step
    rows, lots = rows[traded], lots[traded]
    count = int(rows[-1] - rows[0]) // step + 1
    if count > MOST_ROWS:
        raise CallerError(f"expected at most {MOST_ROWS} rows, found {count}: use higher rows")
    volume = np.zeros(count)
    volume[(rows - rows[0]) // step] = lots
    return rows[0] + step * np.arange(count), volume, step


def _point_of_control(volume: NDArray[np.float64]) -> int:
    best = np.flatnonzero(volume == volume.max())
    from_middle = np.abs(2 * best - (len(volume) - 1))
    return int(best[np.argmin(from_middle)])


def _value_area(volume: list[float], poc: int, value_share: float) -> tuple[int, int]:
    target = value_share * sum(volume) * (1.0 - _ROUNDING)
    low = high = poc
    held = volume[poc]
    while held < target:
        above, below = volume[high + 1 : high + 3], volume[max(low - 2, 0) : low]
        if above and (not below or sum(above) >= sum(below)):
            high += len(above)
            held += sum(above)
        elif below:
            low -= len(below)
            held += sum(below)
        else:
            break
    return low, high


def _value_area_by_rows(volume: list[float], poc: int, value_share: float) -> tuple[int, int]:
    target = value_share * sum(volume) * (1.0 + _ROUNDING)
    low = high = poc
    held = volume[poc]
    while held <= target and high - low + 1 < len(volume):
        above = volume[high + 1] if high + 1 < len(volume) else -1.0
        below = volume[low - 1] if low > 0 else -1.0
        if above >= below:
            high += 1
        else:
            low -= 1
        held += max(above, below)
    return low, high


def _shape(poc: int, count: int) -> ProfileShape:
    # Compared in thirds of the range without a division; a single row is balanced.
    if 3 * poc > 2 * (count - 1):
        return ProfileShape.TRENDING_UP
    return ProfileShape.TRENDING_DOWN if 3 * poc < count - 1 else ProfileShape.BALANCED
