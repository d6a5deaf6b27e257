"""The last sixteen candles, and what their bodies, ranges and shadows usually measure.

What is long, short or near depends on the candles before: a threshold of a candle is a share of a
mean over the five or ten candles before that one (the settings of TA-Lib). The cells keep it as a
running sum, started at the first candle that is judged, in TA-Lib's order of additions: where a
candle lies exactly on a threshold, which decimal prices do often, both then say the same. For the
same reason depths into a body are rounded once (`fused`), as TA-Lib's builds do. Only when a candle
leaves that was a thousand times longer than the price is high, a bad print, is the sum made anew.

State of every pattern: the candles from 0 on, the sums from `SUMS` on. `p[0]` is the number of
candles before the first that is judged; `c` is the place of the newest candle, given by
`take_candle`, and `k` counts candles back from it.
"""

from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers

KEPT = 16
_ROUND = 32  # a power of two
_WIDTH = 8
_CANDLES = 1
SUMS = _CANDLES + (_ROUND + KEPT - 1) * _WIDTH
MOST_SUMS = 12
CANDLES_SIZE = SUMS + MOST_SUMS

_OPEN, _HIGH, _LOW, _CLOSE, _TOP, _BOTTOM, _UPPER, _LOWER = range(8)
_BODIES, _RANGES, _SHADOWS = range(3)
_ABSURD = 1e3

NEAR, FAR, EQUAL = 0.2, 0.6, 0.05
"""Shares of `mean_range`: opens near a close, bodies far shorter, prices as good as equal."""


@cell
def take_candle(s: Numbers, x: Numbers) -> int:
    """Remember open, high, low, close; the place of this candle.

    Candles are written from the end to the start, so that the ones before follow; when the start is
    reached the last ones are copied behind the end. The place follows from the count: one kept for
    itself would have to be read before the next is known.
    """
    seen = s[0]
    s[0] = seen + 1.0
    place = _ROUND - 1 - (int(seen) & (_ROUND - 1))
    newest = _CANDLES + place * _WIDTH
    if place == _ROUND - 1:
        for k in range((KEPT - 1) * _WIDTH):
            s[newest + _WIDTH + k] = s[_CANDLES + k]
    top, bottom = max(x[0], x[3]), min(x[0], x[3])
    s[newest + _OPEN] = x[0]
    s[newest + _HIGH] = x[1]
    s[newest + _LOW] = x[2]
    s[newest + _CLOSE] = x[3]
    s[newest + _TOP] = top
    s[newest + _BOTTOM] = bottom
    s[newest + _UPPER] = x[1] - top
    s[newest + _LOWER] = bottom - x[2]
    return newest


@cell
def open_of(s: Numbers, c: int, k: int) -> float:
    """Open."""
    return float(s[c + k * _WIDTH + _OPEN])


@cell
def high_of(s: Numbers, c: int, k: int) -> float:
    """High."""
    return float(s[c + k * _WIDTH + _HIGH])


@cell
def low_of(s: Numbers, c: int, k: int) -> float:
    """Low."""
    return float(s[c + k * _WIDTH + _LOW])


@cell
def close_of(s: Numbers, c: int, k: int) -> float:
    """Close."""
    return float(s[c + k * _WIDTH + _CLOSE])


@cell
def top_of(s: Numbers, c: int, k: int) -> float:
    """The higher end of the body."""
    return float(s[c + k * _WIDTH + _TOP])


@cell
def bottom_of(s: Numbers, c: int, k: int) -> float:
    """The lower end of the body."""
    return float(s[c + k * _WIDTH + _BOTTOM])


@cell
def body_of(s: Numbers, c: int, k: int) -> float:
    """Length of the body."""
    return float(s[c + k * _WIDTH + _TOP] - s[c + k * _WIDTH + _BOTTOM])


@cell
def upper_of(s: Numbers, c: int, k: int) -> float:
    """Length of the upper shadow."""
    return float(s[c + k * _WIDTH + _UPPER])


@cell
def lower_of(s: Numbers, c: int, k: int) -> float:
    """Length of the lower shadow."""
    return float(s[c + k * _WIDTH + _LOWER])


@cell
def is_white(s: Numbers, c: int, k: int) -> bool:
    """Whether it closed at its open or above."""
    return bool(s[c + k * _WIDTH + _CLOSE] >= s[c + k * _WIDTH + _OPEN])


@cell
def is_black(s: Numbers, c: int, k: int) -> bool:
    """Whether it closed below its open."""
    return bool(s[c + k * _WIDTH + _CLOSE] < s[c + k * _WIDTH + _OPEN])


@cell
def color_of(s: Numbers, c: int, k: int) -> float:
    """1 of a white candle, -1 of a black one."""
    return 1.0 if is_white(s, c, k) else -1.0


@cell
def gaps_up(s: Numbers, c: int, later: int, earlier: int) -> bool:
    """Whether the whole body of one candle lies above the body of an earlier one."""
    return bottom_of(s, c, later) > top_of(s, c, earlier)


@cell
def gaps_down(s: Numbers, c: int, later: int, earlier: int) -> bool:
    """Whether the whole body of one candle lies below the body of an earlier one."""
    return top_of(s, c, later) < bottom_of(s, c, earlier)


@cell
def leaps_up(s: Numbers, c: int, later: int, earlier: int) -> bool:
    """Whether the whole candle, shadows included, lies above an earlier one."""
    return low_of(s, c, later) > high_of(s, c, earlier)


@cell
def leaps_down(s: Numbers, c: int, later: int, earlier: int) -> bool:
    """Whether the whole candle, shadows included, lies below an earlier one."""
    return high_of(s, c, later) < low_of(s, c, earlier)


@cell
def within(x: float, level: float, distance: float) -> bool:
    """Whether x is at most that far from a level."""
    return (level - distance <= x) & (x <= level + distance)


@cell
def _measure(s: Numbers, at: int, kind: int) -> float:
    if kind == _BODIES:
        return float(s[at + _TOP] - s[at + _BOTTOM])
    if kind == _RANGES:
        return float(s[at + _HIGH] - s[at + _LOW])
    return float(s[at + _UPPER] + s[at + _LOWER])


@cell
def _sum_before(s: Numbers, p: Numbers, c: int, which: int, k: int, kind: int, n: int) -> float:
    at = c + k * _WIDTH
    left = _measure(s, at + (n + 1) * _WIDTH, kind)
    total = s[SUMS + which] + (_measure(s, at + _WIDTH, kind) - left)
    if (s[0] == p[0] + 1.0) | (left > _ABSURD * abs(s[c + _CLOSE])):
        total = 0.0
        for m in range(n, 0, -1):
            total += _measure(s, at + m * _WIDTH, kind)
    s[SUMS + which] = total
    return float(total)


@cell
def usual_body(s: Numbers, p: Numbers, c: int, which: int, k: int) -> float:
    """Mean body of the ten candles before: longer is a long body, shorter a short one."""
    return _sum_before(s, p, c, which, k, _BODIES, 10) / 10.0


@cell
def sliver(s: Numbers, p: Numbers, c: int, which: int, k: int) -> float:
    """A tenth of the mean range of the ten candles before.

    A body up to it is a doji's, a shadow below it is very short.
    """
    return 0.1 * (_sum_before(s, p, c, which, k, _RANGES, 10) / 10.0)


@cell
def usual_shadow(s: Numbers, p: Numbers, c: int, which: int, k: int) -> float:
    """Half the mean of both shadows together of the ten candles before: below it a shadow is
    short.
    """
    return _sum_before(s, p, c, which, k, _SHADOWS, 10) / 10.0 / 2.0


@cell
def usual_range(s: Numbers, p: Numbers, c: int, which: int, k: int) -> float:
    """Mean range of the five candles before, of which `NEAR`, `FAR` and `EQUAL` are shares."""
    return _sum_before(s, p, c, which, k, _RANGES, 5) / 5.0
