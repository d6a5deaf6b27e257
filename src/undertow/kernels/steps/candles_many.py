"""Patterns of four and more candles, judged by the candles before them.

Every step takes x: open, high, low, close; p: candles before the first that is judged, then what
its text says; and gives out: 100 or -100 where the pattern is complete with this candle (200 where
a trap is confirmed), 0 where it is not. "First" is the oldest candle.

Conditions are joined with & and |, which look at all of them: prices are random to a processor, and
a branch guessed wrongly costs more than a handful of comparisons.
"""

from math import nan

from undertow.kernels.cells.candle import (
    CANDLES_SIZE,
    NEAR,
    body_of,
    bottom_of,
    close_of,
    color_of,
    gaps_down,
    gaps_up,
    high_of,
    is_black,
    is_white,
    low_of,
    lower_of,
    open_of,
    sliver,
    take_candle,
    top_of,
    upper_of,
    usual_body,
    usual_range,
)
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers, Step


def three_black_crows_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A white, then three falling blacks with hardly a lower shadow, each from inside the last."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin_2, thin_1, thin_0 = sliver(s, p, c, 0, 2), sliver(s, p, c, 1, 1), sliver(s, p, c, 2, 0)
        are_bare = (
            (lower_of(s, c, 2) < thin_2)
            & (lower_of(s, c, 1) < thin_1)
            & (lower_of(s, c, 0) < thin_0)
        )
        is_there = (
            is_white(s, c, 3)
            & is_black(s, c, 2)
            & is_black(s, c, 1)
            & is_black(s, c, 0)
            & are_bare
            & ((close_of(s, c, 2) < open_of(s, c, 1)) & (open_of(s, c, 1) < open_of(s, c, 2)))
            & ((close_of(s, c, 1) < open_of(s, c, 0)) & (open_of(s, c, 0) < open_of(s, c, 1)))
            & (
                (close_of(s, c, 0) < close_of(s, c, 1))
                & (close_of(s, c, 1) < close_of(s, c, 2))
                & (close_of(s, c, 2) < high_of(s, c, 3))
            )
        )
        out[0] = -100.0 if is_there else 0.0


THREE_BLACK_CROWS = Step(three_black_crows_step)


@cell
def _opens_near_body(s: Numbers, c: int, k: int, near: float) -> bool:
    # Candle k opens in the body before it, or near it.
    return (bottom_of(s, c, k + 1) - near <= open_of(s, c, k)) & (
        open_of(s, c, k) <= top_of(s, c, k + 1) + near
    )


def three_line_strike_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three of one color that go on from each other, and one that takes all of it back."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        near_3, near_2 = NEAR * usual_range(s, p, c, 0, 3), NEAR * usual_range(s, p, c, 1, 2)
        color = color_of(s, c, 1)
        goes_on = (color * close_of(s, c, 1) > color * close_of(s, c, 2)) & (
            color * close_of(s, c, 2) > color * close_of(s, c, 3)
        )
        takes_back = (color * open_of(s, c, 0) > color * close_of(s, c, 1)) & (
            color * close_of(s, c, 0) < color * open_of(s, c, 3)
        )
        is_there = (
            (color_of(s, c, 3) == color_of(s, c, 2))
            & (color_of(s, c, 2) == color)
            & (color_of(s, c, 0) != color)
            & _opens_near_body(s, c, 2, near_3)
            & _opens_near_body(s, c, 1, near_2)
            & goes_on
            & takes_back
        )
        out[0] = 100.0 * color if is_there else 0.0


THREE_LINE_STRIKE = Step(three_line_strike_step)


def concealing_baby_swallow_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Four blacks: two bare ones, one after a gap whose upper shadow reaches back, one that holds
    the third with its shadows.
    """
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin_3, thin_2, thin_1 = sliver(s, p, c, 0, 3), sliver(s, p, c, 1, 2), sliver(s, p, c, 2, 1)
        are_black = is_black(s, c, 3) & is_black(s, c, 2)
        are_bare = (max(lower_of(s, c, 3), upper_of(s, c, 3)) < thin_3) & (
            max(lower_of(s, c, 2), upper_of(s, c, 2)) < thin_2
        )
        reaches_back = (
            gaps_down(s, c, 1, 2)
            & (upper_of(s, c, 1) > thin_1)
            & (high_of(s, c, 1) > close_of(s, c, 2))
        )
        holds = (high_of(s, c, 0) > high_of(s, c, 1)) & (low_of(s, c, 0) < low_of(s, c, 1))
        is_there = (
            are_black & is_black(s, c, 1) & is_black(s, c, 0) & are_bare & reaches_back & holds
        )
        out[0] = 100.0 if is_there else 0.0


CONCEALING_BABY_SWALLOW = Step(concealing_baby_swallow_step)


def breakaway_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long body, a gap and three more candles that way, then one back into the gap."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 4)
        falls = (
            is_black(s, c, 4)
            & gaps_down(s, c, 3, 4)
            & ((high_of(s, c, 1) < high_of(s, c, 2)) & (high_of(s, c, 2) < high_of(s, c, 3)))
            & ((low_of(s, c, 1) < low_of(s, c, 2)) & (low_of(s, c, 2) < low_of(s, c, 3)))
            & ((open_of(s, c, 3) < close_of(s, c, 0)) & (close_of(s, c, 0) < close_of(s, c, 4)))
        )
        rises = (
            is_white(s, c, 4)
            & gaps_up(s, c, 3, 4)
            & ((high_of(s, c, 1) > high_of(s, c, 2)) & (high_of(s, c, 2) > high_of(s, c, 3)))
            & ((low_of(s, c, 1) > low_of(s, c, 2)) & (low_of(s, c, 2) > low_of(s, c, 3)))
            & ((close_of(s, c, 4) < close_of(s, c, 0)) & (close_of(s, c, 0) < open_of(s, c, 3)))
        )
        is_colored = (color_of(s, c, 4) == color_of(s, c, 3)) & (
            color_of(s, c, 3) == color_of(s, c, 1)
        )
        is_there = (
            is_colored
            & (color_of(s, c, 0) != color_of(s, c, 1))
            & (body_of(s, c, 4) > usual)
            & (falls | rises)
        )
        out[0] = 100.0 * color_of(s, c, 0) if is_there else 0.0


BREAKAWAY = Step(breakaway_step)


def ladder_bottom_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three falling blacks, a black with an upper shadow, a white that closes above its high."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 1)
        is_there = (
            is_black(s, c, 4)
            & is_black(s, c, 3)
            & is_black(s, c, 2)
            & ((open_of(s, c, 4) > open_of(s, c, 3)) & (open_of(s, c, 3) > open_of(s, c, 2)))
            & ((close_of(s, c, 4) > close_of(s, c, 3)) & (close_of(s, c, 3) > close_of(s, c, 2)))
            & is_black(s, c, 1)
            & (upper_of(s, c, 1) > thin)
            & is_white(s, c, 0)
            & (open_of(s, c, 0) > open_of(s, c, 1))
            & (close_of(s, c, 0) > high_of(s, c, 1))
        )
        out[0] = 100.0 if is_there else 0.0


LADDER_BOTTOM = Step(ladder_bottom_step)


@cell
def _rests(s: Numbers, c: int, k: int, level: float) -> bool:
    # The body of candle k begins below the close of the first and stays above a level.
    return (level < bottom_of(s, c, k)) & (bottom_of(s, c, k) < close_of(s, c, 4))


def mat_hold_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long white, a short black above it, two short bodies falling back but
    not deep into it, a white that closes above them all.
    """
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual_4, usual_3 = usual_body(s, p, c, 0, 4), usual_body(s, p, c, 1, 3)
        usual_2, usual_1 = usual_body(s, p, c, 2, 2), usual_body(s, p, c, 3, 1)
        level = fused(-body_of(s, c, 4), p[1], close_of(s, c, 4))
        is_sized = (
            (body_of(s, c, 4) > usual_4)
            & (body_of(s, c, 3) < usual_3)
            & (body_of(s, c, 2) < usual_2)
            & (body_of(s, c, 1) < usual_1)
        )
        falls_back = (
            gaps_up(s, c, 3, 4)
            & _rests(s, c, 2, level)
            & _rests(s, c, 1, level)
            & (top_of(s, c, 2) < open_of(s, c, 3))
            & (top_of(s, c, 1) < top_of(s, c, 2))
        )
        highest = max(high_of(s, c, 3), high_of(s, c, 2), high_of(s, c, 1))
        is_there = (
            is_sized
            & is_white(s, c, 4)
            & is_black(s, c, 3)
            & is_white(s, c, 0)
            & falls_back
            & (open_of(s, c, 0) > close_of(s, c, 1))
            & (close_of(s, c, 0) > highest)
        )
        out[0] = 100.0 if is_there else 0.0


MAT_HOLD = Step(mat_hold_step)


@cell
def _meets_range(s: Numbers, c: int, k: int) -> bool:
    # The body of candle k lies at least in part within the range of the first.
    return (bottom_of(s, c, k) < high_of(s, c, 4)) & (top_of(s, c, k) > low_of(s, c, 4))


def rising_falling_three_methods_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long body, three short ones of the other color back through its range, and a long body
    beyond the close of the first.
    """
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual_4, usual_3 = usual_body(s, p, c, 0, 4), usual_body(s, p, c, 1, 3)
        usual_2, usual_1 = usual_body(s, p, c, 2, 2), usual_body(s, p, c, 3, 1)
        usual_0 = usual_body(s, p, c, 4, 0)
        color = color_of(s, c, 4)
        is_sized = (
            (body_of(s, c, 4) > usual_4)
            & (body_of(s, c, 3) < usual_3)
            & (body_of(s, c, 2) < usual_2)
            & (body_of(s, c, 1) < usual_1)
            & (body_of(s, c, 0) > usual_0)
        )
        is_colored = (
            (color_of(s, c, 3) == color_of(s, c, 2))
            & (color_of(s, c, 2) == color_of(s, c, 1))
            & (color_of(s, c, 1) == -color)
            & (color_of(s, c, 0) == color)
        )
        falls_back = (color * close_of(s, c, 1) < color * close_of(s, c, 2)) & (
            color * close_of(s, c, 2) < color * close_of(s, c, 3)
        )
        goes_on = (color * open_of(s, c, 0) > color * close_of(s, c, 1)) & (
            color * close_of(s, c, 0) > color * close_of(s, c, 4)
        )
        meets = _meets_range(s, c, 3) & _meets_range(s, c, 2) & _meets_range(s, c, 1)
        is_there = is_sized & is_colored & meets & falls_back & goes_on
        out[0] = 100.0 * color if is_there else 0.0


RISING_FALLING_THREE_METHODS = Step(rising_falling_three_methods_step)

# A trap keeps, after the candles: its direction (0 none), bars since, the level that confirms it.
TRAP_SIZE = CANDLES_SIZE + 3
_TRAP, _AGE, _LEVEL = CANDLES_SIZE, CANDLES_SIZE + 1, CANDLES_SIZE + 2
_PATIENCE = 3.0


@cell
def _trap(s: Numbers, c: int, found: float) -> float:
    # 100 and -100 for a trap found with this candle, 200 and -200 where it is confirmed: a close
    # beyond the inside candle within three bars, against the false break.
    if found != 0.0:
        s[_TRAP] = found
        s[_AGE] = 0.0
        s[_LEVEL] = high_of(s, c, 1) if found > 0.0 else low_of(s, c, 1)
        return 100.0 * found
    s[_AGE] += 1.0
    trap = s[_TRAP]
    if (trap != 0.0) & (s[_AGE] <= _PATIENCE) & (trap * close_of(s, c, 0) > trap * s[_LEVEL]):
        s[_TRAP] = 0.0
        return float(200.0 * trap)
    return 0.0


@cell
def _is_inside(s: Numbers, c: int, k: int) -> bool:
    # Candle k within the range of the one before it.
    return (high_of(s, c, k) < high_of(s, c, k + 1)) & (low_of(s, c, k) > low_of(s, c, k + 1))


@cell
def _false_break(s: Numbers, c: int) -> float:
    # 1 where this candle breaks down out of the one before with its whole range, -1 for up.
    if (high_of(s, c, 0) < high_of(s, c, 1)) & (low_of(s, c, 0) < low_of(s, c, 1)):
        return 1.0
    if (high_of(s, c, 0) > high_of(s, c, 1)) & (low_of(s, c, 0) > low_of(s, c, 1)):
        return -1.0
    return 0.0


def hikkake_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """An inside candle, then a break out of it that may prove false; 200 once it has."""
    c = take_candle(s, x)
    found = 0.0
    if (s[0] >= 3.0) & _is_inside(s, c, 1):
        found = _false_break(s, c)
    signal = _trap(s, c, found)
    out[0] = signal if s[0] > p[0] else nan


HIKKAKE = Step(hikkake_step)


def modified_hikkake_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: candles before the first answer. Two inside candles, the first of them closing near the
    end that the break then leaves through; 200 once the break has proved false.
    """
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        near = NEAR * usual_range(s, p, c, 0, 2)
        found = 0.0
        if _is_inside(s, c, 1) & _is_inside(s, c, 2):
            found = _false_break(s, c)
            is_low = close_of(s, c, 2) <= low_of(s, c, 2) + near
            is_high = close_of(s, c, 2) >= high_of(s, c, 2) - near
            if ((found > 0.0) & (not is_low)) | ((found < 0.0) & (not is_high)):
                found = 0.0
        signal = _trap(s, c, found)
        if s[0] > p[1]:
            out[0] = signal


MODIFIED_HIKKAKE = Step(modified_hikkake_step)
