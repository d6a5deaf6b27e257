"""Patterns of three candles, judged by the candles before them.

Every step takes x: open, high, low, close; p: candles before the first that is judged, then what
its text says; and gives out: 100 or -100 where the pattern is complete with this candle, 0 where it
is not. "First", "second" and "third" go from the oldest candle to the newest.

Conditions are joined with & and |, which look at all of them: prices are random to a processor, and
a branch guessed wrongly costs more than a handful of comparisons.
"""

from math import nan

from undertow.kernels.cells.candle import (
    EQUAL,
    FAR,
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
    leaps_down,
    leaps_up,
    low_of,
    lower_of,
    open_of,
    sliver,
    take_candle,
    top_of,
    upper_of,
    usual_body,
    usual_range,
    usual_shadow,
    within,
)
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers, Step


@cell
def _all_white(s: Numbers, c: int) -> bool:
    return is_white(s, c, 2) & is_white(s, c, 1) & is_white(s, c, 0)


@cell
def _all_black(s: Numbers, c: int) -> bool:
    return is_black(s, c, 2) & is_black(s, c, 1) & is_black(s, c, 0)


@cell
def _closes_rise(s: Numbers, c: int) -> bool:
    return (close_of(s, c, 0) > close_of(s, c, 1)) & (close_of(s, c, 1) > close_of(s, c, 2))


@cell
def _closes_fall(s: Numbers, c: int) -> bool:
    return (close_of(s, c, 0) < close_of(s, c, 1)) & (close_of(s, c, 1) < close_of(s, c, 2))


@cell
def _opens_in_body(s: Numbers, c: int, k: int, near: float) -> bool:
    # Candle k opens above the open before it and not far above the close before it (whites).
    return (open_of(s, c, k + 1) < open_of(s, c, k)) & (
        open_of(s, c, k) <= close_of(s, c, k + 1) + near
    )


def two_crows_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long white, a black above it, a black from inside the second into the first body."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 2)
        is_there = (
            is_white(s, c, 2)
            & (body_of(s, c, 2) > usual)
            & is_black(s, c, 1)
            & gaps_up(s, c, 1, 2)
            & is_black(s, c, 0)
            & ((close_of(s, c, 1) < open_of(s, c, 0)) & (open_of(s, c, 0) < open_of(s, c, 1)))
            & ((open_of(s, c, 2) < close_of(s, c, 0)) & (close_of(s, c, 0) < close_of(s, c, 2)))
        )
        out[0] = -100.0 if is_there else 0.0


TWO_CROWS = Step(two_crows_step)


def upside_gap_two_crows_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long white, a short black above it, a black that engulfs the second and stays above."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, second = usual_body(s, p, c, 0, 2), usual_body(s, p, c, 1, 1)
        is_there = (
            is_white(s, c, 2)
            & (body_of(s, c, 2) > first)
            & is_black(s, c, 1)
            & (body_of(s, c, 1) <= second)
            & gaps_up(s, c, 1, 2)
            & is_black(s, c, 0)
            & (open_of(s, c, 0) > open_of(s, c, 1))
            & ((close_of(s, c, 2) < close_of(s, c, 0)) & (close_of(s, c, 0) < close_of(s, c, 1)))
        )
        out[0] = -100.0 if is_there else 0.0


UPSIDE_GAP_TWO_CROWS = Step(upside_gap_two_crows_step)


def three_inside_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body inside a long one, then a close beyond the open of the long one."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, second = usual_body(s, p, c, 0, 2), usual_body(s, p, c, 1, 1)
        is_inside = (top_of(s, c, 1) < top_of(s, c, 2)) & (bottom_of(s, c, 1) > bottom_of(s, c, 2))
        close, opened = close_of(s, c, 0), open_of(s, c, 2)
        falls = is_white(s, c, 2) & is_black(s, c, 0) & (close < opened)
        is_turn = falls | (is_black(s, c, 2) & is_white(s, c, 0) & (close > opened))
        is_there = (body_of(s, c, 2) > first) & (body_of(s, c, 1) <= second) & is_inside & is_turn
        out[0] = -100.0 * color_of(s, c, 2) if is_there else 0.0


THREE_INSIDE = Step(three_inside_step)


def three_outside_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A body engulfs the one before, of the other color; the third closes further that way."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        engulfs = (
            (color_of(s, c, 1) != color_of(s, c, 2))
            & (top_of(s, c, 1) > top_of(s, c, 2))
            & (bottom_of(s, c, 1) < bottom_of(s, c, 2))
        )
        goes_on = color_of(s, c, 1) * (close_of(s, c, 0) - close_of(s, c, 1)) > 0.0
        out[0] = 100.0 * color_of(s, c, 1) if engulfs & goes_on else 0.0


THREE_OUTSIDE = Step(three_outside_step)


def three_stars_in_the_south_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three blacks, each smaller: a long one with a long lower shadow, a smaller one from inside it
    that ends higher, a bare short one inside the second.
    """
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, third = usual_body(s, p, c, 0, 2), usual_body(s, p, c, 1, 0)
        thin_1, thin_0 = sliver(s, p, c, 2, 1), sliver(s, p, c, 3, 0)
        is_second = (
            (body_of(s, c, 1) < body_of(s, c, 2))
            & ((close_of(s, c, 2) < open_of(s, c, 1)) & (open_of(s, c, 1) <= high_of(s, c, 2)))
            & ((low_of(s, c, 2) <= low_of(s, c, 1)) & (low_of(s, c, 1) < close_of(s, c, 2)))
            & (lower_of(s, c, 1) > thin_1)
        )
        is_third = (
            (body_of(s, c, 0) < third)
            & (max(lower_of(s, c, 0), upper_of(s, c, 0)) < thin_0)
            & (low_of(s, c, 0) > low_of(s, c, 1))
            & (high_of(s, c, 0) < high_of(s, c, 1))
        )
        body = body_of(s, c, 2)
        is_first = _all_black(s, c) & (body > first) & (lower_of(s, c, 2) > body)
        out[0] = 100.0 if is_first & is_second & is_third else 0.0


THREE_STARS_IN_THE_SOUTH = Step(three_stars_in_the_south_step)


def three_white_soldiers_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three whites with hardly an upper shadow, each from inside the last and not much smaller."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin_2, thin_1, thin_0 = sliver(s, p, c, 0, 2), sliver(s, p, c, 1, 1), sliver(s, p, c, 2, 0)
        range_2, range_1 = usual_range(s, p, c, 3, 2), usual_range(s, p, c, 4, 1)
        usual = usual_body(s, p, c, 5, 0)
        are_bare = (upper_of(s, c, 2) < thin_2) & (upper_of(s, c, 1) < thin_1)
        is_there = (
            _all_white(s, c)
            & are_bare
            & (upper_of(s, c, 0) < thin_0)
            & _closes_rise(s, c)
            & _opens_in_body(s, c, 1, NEAR * range_2)
            & _opens_in_body(s, c, 0, NEAR * range_1)
            & (body_of(s, c, 1) > body_of(s, c, 2) - FAR * range_2)
            & (body_of(s, c, 0) > body_of(s, c, 1) - FAR * range_1)
            & (body_of(s, c, 0) > usual)
        )
        out[0] = 100.0 if is_there else 0.0


THREE_WHITE_SOLDIERS = Step(three_white_soldiers_step)


def advance_block_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three rising whites that weaken: bodies shrink or upper shadows grow."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        short_2, short_1 = usual_shadow(s, p, c, 0, 2), usual_shadow(s, p, c, 1, 1)
        short_0 = usual_shadow(s, p, c, 2, 0)
        range_2, range_1 = usual_range(s, p, c, 3, 2), usual_range(s, p, c, 4, 1)
        usual = usual_body(s, p, c, 5, 2)
        first, second, third = body_of(s, c, 2), body_of(s, c, 1), body_of(s, c, 0)
        has_shadow = (upper_of(s, c, 0) > short_0) | (upper_of(s, c, 1) > short_1)
        weakens = (
            ((second < first - FAR * range_2) & (third < second + NEAR * range_1))
            | (third < second - FAR * range_1)
            | ((third < second) & (second < first) & has_shadow)
            | ((third < second) & (upper_of(s, c, 0) > third))
        )
        is_there = (
            _all_white(s, c)
            & _closes_rise(s, c)
            & _opens_in_body(s, c, 1, NEAR * range_2)
            & _opens_in_body(s, c, 0, NEAR * range_1)
            & (first > usual)
            & (upper_of(s, c, 2) < short_2)
            & weakens
        )
        out[0] = -100.0 if is_there else 0.0


ADVANCE_BLOCK = Step(advance_block_step)


def stalled_pattern_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Two long whites, then a short one riding on the shoulder of the second."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual_2, usual_1 = usual_body(s, p, c, 0, 2), usual_body(s, p, c, 1, 1)
        usual_0, thin = usual_body(s, p, c, 2, 0), sliver(s, p, c, 3, 1)
        range_2, range_1 = usual_range(s, p, c, 4, 2), usual_range(s, p, c, 5, 1)
        body = body_of(s, c, 0)
        is_there = (
            _all_white(s, c)
            & _closes_rise(s, c)
            & (body_of(s, c, 2) > usual_2)
            & (body_of(s, c, 1) > usual_1)
            & (upper_of(s, c, 1) < thin)
            & _opens_in_body(s, c, 1, NEAR * range_2)
            & (body < usual_0)
            & (open_of(s, c, 0) >= close_of(s, c, 1) - body - NEAR * range_1)
        )
        out[0] = -100.0 if is_there else 0.0


STALLED_PATTERN = Step(stalled_pattern_step)


def identical_three_crows_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three falling blacks with hardly a lower shadow, each opening at the close before."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin_2, thin_1, thin_0 = sliver(s, p, c, 0, 2), sliver(s, p, c, 1, 1), sliver(s, p, c, 2, 0)
        equal_2 = EQUAL * usual_range(s, p, c, 3, 2)
        equal_1 = EQUAL * usual_range(s, p, c, 4, 1)
        is_there = (
            _all_black(s, c)
            & (lower_of(s, c, 2) < thin_2)
            & (lower_of(s, c, 1) < thin_1)
            & (lower_of(s, c, 0) < thin_0)
            & _closes_fall(s, c)
            & within(open_of(s, c, 1), close_of(s, c, 2), equal_2)
            & within(open_of(s, c, 0), close_of(s, c, 1), equal_1)
        )
        out[0] = -100.0 if is_there else 0.0


IDENTICAL_THREE_CROWS = Step(identical_three_crows_step)


def abandoned_baby_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long body, a doji alone beyond it, a body back into the first."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, thin, third = (
            usual_body(s, p, c, 0, 2), sliver(s, p, c, 1, 1), usual_body(s, p, c, 2, 0),
        )  # fmt: skip
        is_sized = (
            (body_of(s, c, 2) > first) & (body_of(s, c, 1) <= thin) & (body_of(s, c, 0) > third)
        )
        falls = (
            is_white(s, c, 2)
            & is_black(s, c, 0)
            & (close_of(s, c, 0) < fused(-body_of(s, c, 2), p[1], close_of(s, c, 2)))
            & leaps_up(s, c, 1, 2)
            & leaps_down(s, c, 0, 1)
        )
        rises = (
            is_black(s, c, 2)
            & is_white(s, c, 0)
            & (close_of(s, c, 0) > fused(body_of(s, c, 2), p[1], close_of(s, c, 2)))
            & leaps_down(s, c, 1, 2)
            & leaps_up(s, c, 0, 1)
        )
        out[0] = 100.0 * color_of(s, c, 0) if is_sized & (falls | rises) else 0.0


ABANDONED_BABY = Step(abandoned_baby_step)


@cell
def _evening(s: Numbers, p: Numbers, c: int) -> bool:
    # A white, a body above it, a black down into the first body.
    return (
        is_white(s, c, 2)
        & gaps_up(s, c, 1, 2)
        & is_black(s, c, 0)
        & (close_of(s, c, 0) < fused(-body_of(s, c, 2), p[1], close_of(s, c, 2)))
    )


@cell
def _morning(s: Numbers, p: Numbers, c: int) -> bool:
    # A black, a body below it, a white up into the first body.
    return (
        is_black(s, c, 2)
        & gaps_down(s, c, 1, 2)
        & is_white(s, c, 0)
        & (close_of(s, c, 0) > fused(body_of(s, c, 2), p[1], close_of(s, c, 2)))
    )


@cell
def _star_sizes(s: Numbers, p: Numbers, c: int) -> bool:
    # Long, short, not short.
    first, second = usual_body(s, p, c, 0, 2), usual_body(s, p, c, 1, 1)
    third = usual_body(s, p, c, 2, 0)
    return (body_of(s, c, 2) > first) & (body_of(s, c, 1) <= second) & (body_of(s, c, 0) > third)


@cell
def _doji_star_sizes(s: Numbers, p: Numbers, c: int) -> bool:
    # Long, doji, not short.
    first, thin = usual_body(s, p, c, 0, 2), sliver(s, p, c, 1, 1)
    third = usual_body(s, p, c, 2, 0)
    return (body_of(s, c, 2) > first) & (body_of(s, c, 1) <= thin) & (body_of(s, c, 0) > third)


def evening_star_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long white, a short body above it, a black back into the first."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = -100.0 if _star_sizes(s, p, c) & _evening(s, p, c) else 0.0


EVENING_STAR = Step(evening_star_step)


def evening_doji_star_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long white, a doji above it, a black back into the first."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = -100.0 if _doji_star_sizes(s, p, c) & _evening(s, p, c) else 0.0


EVENING_DOJI_STAR = Step(evening_doji_star_step)


def morning_star_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long black, a short body below it, a white back into the first."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = 100.0 if _star_sizes(s, p, c) & _morning(s, p, c) else 0.0


MORNING_STAR = Step(morning_star_step)


def morning_doji_star_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long black, a doji below it, a white back into the first."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = 100.0 if _doji_star_sizes(s, p, c) & _morning(s, p, c) else 0.0


MORNING_DOJI_STAR = Step(morning_doji_star_step)


def gap_side_by_side_white_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Two whites of one size and one open, both beyond a gap from the first."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        spread = usual_range(s, p, c, 0, 1)
        is_up = gaps_up(s, c, 1, 2) & gaps_up(s, c, 0, 2)
        is_down = gaps_down(s, c, 1, 2) & gaps_down(s, c, 0, 2)
        are_alike = (
            is_white(s, c, 1)
            & is_white(s, c, 0)
            & within(body_of(s, c, 0), body_of(s, c, 1), NEAR * spread)
            & within(open_of(s, c, 0), open_of(s, c, 1), EQUAL * spread)
        )
        out[0] = 0.0
        if are_alike & (is_up | is_down):
            out[0] = 100.0 if is_up else -100.0


GAP_SIDE_BY_SIDE_WHITE = Step(gap_side_by_side_white_step)


def tasuki_gap_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A body beyond a gap, then one of its size and the other color that does not close the gap."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        near = NEAR * usual_range(s, p, c, 0, 1)
        is_up = (
            gaps_up(s, c, 1, 2)
            & is_white(s, c, 1)
            & is_black(s, c, 0)
            & ((open_of(s, c, 1) < open_of(s, c, 0)) & (open_of(s, c, 0) < close_of(s, c, 1)))
            & ((top_of(s, c, 2) < close_of(s, c, 0)) & (close_of(s, c, 0) < open_of(s, c, 1)))
        )
        is_down = (
            gaps_down(s, c, 1, 2)
            & is_black(s, c, 1)
            & is_white(s, c, 0)
            & ((close_of(s, c, 1) < open_of(s, c, 0)) & (open_of(s, c, 0) < open_of(s, c, 1)))
            & ((open_of(s, c, 1) < close_of(s, c, 0)) & (close_of(s, c, 0) < bottom_of(s, c, 2)))
        )
        is_alike = abs(body_of(s, c, 1) - body_of(s, c, 0)) < near
        out[0] = 100.0 * color_of(s, c, 1) if is_alike & (is_up | is_down) else 0.0


TASUKI_GAP = Step(tasuki_gap_step)


def gap_three_methods_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Two of one color with a gap between them, then one of the other color from the second body
    into the first.
    """
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        is_above = is_white(s, c, 2) & gaps_up(s, c, 1, 2)
        has_gap = is_above | (is_black(s, c, 2) & gaps_down(s, c, 1, 2))
        is_there = (
            (color_of(s, c, 2) == color_of(s, c, 1))
            & (color_of(s, c, 1) != color_of(s, c, 0))
            & ((bottom_of(s, c, 1) < open_of(s, c, 0)) & (open_of(s, c, 0) < top_of(s, c, 1)))
            & ((bottom_of(s, c, 2) < close_of(s, c, 0)) & (close_of(s, c, 0) < top_of(s, c, 2)))
            & has_gap
        )
        out[0] = 100.0 * color_of(s, c, 2) if is_there else 0.0


GAP_THREE_METHODS = Step(gap_three_methods_step)


def stick_sandwich_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A black, a white above its close, a black that closes where the first did."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        equal = EQUAL * usual_range(s, p, c, 0, 2)
        is_there = (
            is_black(s, c, 2)
            & is_white(s, c, 1)
            & is_black(s, c, 0)
            & (low_of(s, c, 1) > close_of(s, c, 2))
            & within(close_of(s, c, 0), close_of(s, c, 2), equal)
        )
        out[0] = 100.0 if is_there else 0.0


STICK_SANDWICH = Step(stick_sandwich_step)


def tristar_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Three dojis, the middle one beyond a gap from the first and further out than the third."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 2)
        widest = max(body_of(s, c, 2), body_of(s, c, 1), body_of(s, c, 0))
        out[0] = 0.0
        if (widest <= thin) & gaps_up(s, c, 1, 2) & (top_of(s, c, 0) < top_of(s, c, 1)):
            out[0] = -100.0
        elif (widest <= thin) & gaps_down(s, c, 1, 2) & (bottom_of(s, c, 0) > bottom_of(s, c, 1)):
            out[0] = 100.0


TRISTAR = Step(tristar_step)


def unique_three_river_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long black, a black inside it with a lower low, a short white that opens above that low."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, third = usual_body(s, p, c, 0, 2), usual_body(s, p, c, 1, 0)
        is_there = (
            is_black(s, c, 2)
            & (body_of(s, c, 2) > first)
            & is_black(s, c, 1)
            & (close_of(s, c, 1) > close_of(s, c, 2))
            & (open_of(s, c, 1) <= open_of(s, c, 2))
            & (low_of(s, c, 1) < low_of(s, c, 2))
            & is_white(s, c, 0)
            & (body_of(s, c, 0) < third)
            & (open_of(s, c, 0) > low_of(s, c, 1))
        )
        out[0] = 100.0 if is_there else 0.0


UNIQUE_THREE_RIVER = Step(unique_three_river_step)
