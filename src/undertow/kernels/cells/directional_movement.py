"""Wilder's directional movement: sums of +DM, -DM and true range, in TA-Lib's convention."""

from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers

PRICE_MOVEMENT_SIZE = 5
DIRECTIONAL_SIZE = 7


@cell
def price_movement(s: Numbers, at: int, high: float, low: float, n: int) -> float:
    """Take a bar; bars seen before it, up to `n`.

    The sums start with the first n - 1 movements and then go on as S - S / n + x; with n = 1 they
    are those of the bar alone. State (5): bars seen up to n, last high and low, sums of +DM and
    -DM.
    """
    seen = s[at]
    if seen > 0.0:
        up, down = high - s[at + 1], s[at + 2] - low
        keep = 1.0 if seen < n else (n - 1.0) / n
        s[at + 3] = fused(s[at + 3], keep, up if up > down and up > 0.0 else 0.0)
        s[at + 4] = fused(s[at + 4], keep, down if down > up and down > 0.0 else 0.0)
    if seen < n:
        s[at] = seen + 1.0
    s[at + 1] = high
    s[at + 2] = low
    return float(seen)


@cell
def directional_movement(s: Numbers, at: int, x: Numbers, n: int) -> float:
    """As `price_movement` for a bar of high, low and close in `x`, with the sum of true ranges.

    State (7): `price_movement`, last close, sum.
    """
    high, low, before = x[0], x[1], s[at + 5]
    seen = price_movement(s, at, high, low, n)
    if seen > 0.0:
        keep = 1.0 if seen < n else (n - 1.0) / n
        top = high if high > before else before
        bottom = low if low < before else before
        s[at + 6] = fused(s[at + 6], keep, top - bottom)
    s[at + 5] = x[2]
    return seen


@cell
def share_of(part: float, whole: float) -> float:
    """100 * part / whole; 0 where there is no whole."""
    return 100.0 * (part / whole) if whole > 0.0 else 0.0


@cell
def imbalance_of(plus: float, minus: float) -> float:
    """100 * |plus - minus| / (plus + minus): DX; -1 where nothing moved."""
    both = plus + minus
    return 100.0 * (abs(minus - plus) / both) if both > 0.0 else -1.0
