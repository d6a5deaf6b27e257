"""Lines that trail behind a price: where a position in the trend's direction would be closed."""

from math import nan

from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE, average_range
from undertow.kernels.cells.true_range import true_range
from undertow.kernels.cells.window_extreme import window_max, window_min
from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers, Step


def supertrend_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, ranges. out: line, 1 below the price or -1 above it.

    s: `true_range`, ranges seen up to n, their average, upper band, lower band, direction.
    """
    before = s[1]
    span = true_range(s, 0, x[0], x[1], x[2])
    out[0] = out[1] = nan
    if span != span:
        return
    if s[2] < p[0]:
        s[2] += 1.0
        s[3] += span
        if s[2] < p[0]:
            return
        s[3] /= p[0]
    else:
        # As TA-Lib rounds it: a direction hangs on which of two close numbers is larger.
        s[3] = (s[3] * (p[0] - 1.0) + span) / p[0]
    middle = (x[0] + x[1]) / 2.0
    upper = middle + p[1] * s[3]
    lower = middle - p[1] * s[3]
    is_first = s[6] == 0.0
    if is_first or upper < s[4] or before > s[4]:
        s[4] = upper
    if is_first or lower > s[5] or before < s[5]:
        s[5] = lower
    if is_first or (s[6] < 0.0 and x[2] > s[4]):
        s[6] = 1.0
    elif s[6] > 0.0 and x[2] < s[5]:
        s[6] = -1.0
    out[0] = s[5] if s[6] > 0.0 else s[4]
    out[1] = s[6]


SUPERTREND = Step(supertrend_step)


# Places of the state of `parabolic`.
BARS, SIDE, STOP, EXTREME, SPEED, HIGH, LOW = range(7)
PARABOLIC_SIZE = 7


@cell
def parabolic(x: Numbers, p: Numbers, s: Numbers) -> float:
    """Wilder's parabolic stop for high and low in `x`; NaN for the first bar.

    p: first stop (0 = find it, negative = short), share added on a turn, then the first, the added
    and the largest acceleration of long and of short ones. A short one is a long one of the
    mirrored prices, so all is written once, in prices times SIDE; STOP and EXTREME are kept so.
    """
    if s[BARS] < 2.0:
        s[BARS] += 1.0
        if s[BARS] < 2.0:
            s[HIGH], s[LOW] = x[0], x[1]
            return nan
        begin(x, p, s)
    side = s[SIDE]
    worst = facing(x[1], x[0], side)
    stop, extreme = s[STOP], s[EXTREME]
    is_turn = worst <= stop
    if is_turn:
        side = -side
        worst = facing(x[1], x[0], side)
    best = facing(x[0], x[1], side)
    worst = min(worst, facing(s[LOW], s[HIGH], side))
    if is_turn:
        stop = min(-extreme, worst)
        stop -= abs(stop) * p[1]
        s[SPEED] = p[2] if side > 0.0 else p[5]
        extreme = best
    answer = float(side * stop)
    # Choices instead of a branch: whether a bar goes further cannot be foretold.
    more, most = p[3] if side > 0.0 else p[6], p[4] if side > 0.0 else p[7]
    s[SPEED] = min(s[SPEED] + more, most) if best > extreme else s[SPEED]
    extreme = best if best > extreme else extreme
    stop = min(stop + s[SPEED] * (extreme - stop), worst)
    s[SIDE], s[STOP], s[EXTREME] = side, stop, extreme
    s[HIGH], s[LOW] = x[0], x[1]
    return answer


@cell
def facing(for_long: float, for_short: float, side: float) -> float:
    """The one of a bar's ends that matters to a side, mirrored for a short one."""
    return for_long if side > 0.0 else -for_short


@cell
def begin(x: Numbers, p: Numbers, s: Numbers) -> None:
    """The second bar: the side with the larger move, and the first bar's end as its stop."""
    down = s[LOW] - x[1]
    is_short = p[0] < 0.0 or (p[0] == 0.0 and down > 0.0 and down > x[0] - s[HIGH])
    s[SIDE] = -1.0 if is_short else 1.0
    s[STOP] = s[HIGH] if is_short else s[LOW]
    if p[0] != 0.0:
        s[STOP] = abs(p[0])
    s[STOP] *= s[SIDE]
    s[EXTREME] = -x[1] if is_short else x[0]
    s[SPEED] = p[5] if is_short else p[2]
    s[HIGH], s[LOW] = x[0], x[1]


def sar_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: as `parabolic`. out: stop, 1 for a long one or -1 for a short one."""
    out[0] = parabolic(x, p, s)
    out[1] = s[SIDE] if s[BARS] == 2.0 else nan


SAR = Step(sar_step)


def sarext_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. p: as `parabolic`. out: stop, negative for a short one."""
    out[0] = parabolic(x, p, s) * s[SIDE]


SAREXT = Step(sarext_step)


HIGHS = AVERAGE_RANGE_SIZE


def chandelier_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, ranges. out: stop of a long position, stop of a short one."""
    n = int(p[0])
    span = p[1] * average_range(s, 0, x, n)
    out[0] = window_max(s, HIGHS, x[0], n) - span
    out[1] = window_min(s, HIGHS + n + 3, x[1], n) + span


CHANDELIER = Step(chandelier_step)


def chande_kroll_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. p: n, ranges, bars of the stop. out: stop of a long one, of a short one.

    s: `average_range`, two extremes of n, two of the bars of the stop.
    """
    n, m = int(p[0]), int(p[2])
    span = p[1] * average_range(s, 0, x, n)
    high = window_max(s, HIGHS, x[0], n) - span
    low = window_min(s, HIGHS + n + 3, x[1], n) + span
    out[0] = out[1] = nan
    if span == span:
        at = HIGHS + 2 * n + 6
        out[0] = window_min(s, at, low, m)
        out[1] = window_max(s, at + m + 3, high, m)


CHANDE_KROLL = Step(chande_kroll_step)
