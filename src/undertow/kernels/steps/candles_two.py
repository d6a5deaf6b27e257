"""Patterns of two candles, judged by the candles before them.

Every step takes x: open, high, low, close; p: candles before the first that is judged, then what
its text says; and gives out: 100 or -100 where the pattern is complete with this candle (80 where
two ends only touch), 0 where it is not. "First" and "second" are the older and the newer candle.

Conditions are joined with & and |, which look at all of them: prices are random to a processor, and
a branch guessed wrongly costs more than a handful of comparisons.
"""

from math import nan

from undertow.kernels.cells.candle import (
    EQUAL,
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
    within,
)
from undertow.kernels.compiled import cell
from undertow.kernels.fused import fused
from undertow.kernels.step import Numbers, Step


def engulfing_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """The second body holds the first, of the other color; 80 where they share an end."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        is_low, is_high = bottom_of(s, c, 0) < bottom_of(s, c, 1), top_of(s, c, 0) > top_of(s, c, 1)
        shares_low = bottom_of(s, c, 0) == bottom_of(s, c, 1)
        shares_high = top_of(s, c, 0) == top_of(s, c, 1)
        size = 0.0
        if is_low & is_high:
            size = 100.0
        elif (is_low & shares_high) | (is_high & shares_low):
            size = 80.0
        other = color_of(s, c, 0) != color_of(s, c, 1)
        out[0] = size * color_of(s, c, 0) if other else 0.0


ENGULFING = Step(engulfing_step)


@cell
def _harami(s: Numbers, c: int) -> float:
    # The second body inside the first: 100, where an end is shared 80, against the first's color.
    size = 0.0
    if (top_of(s, c, 0) < top_of(s, c, 1)) & (bottom_of(s, c, 0) > bottom_of(s, c, 1)):
        size = 100.0
    elif (top_of(s, c, 0) <= top_of(s, c, 1)) & (bottom_of(s, c, 0) >= bottom_of(s, c, 1)):
        size = 80.0
    return -color_of(s, c, 1) * size


def harami_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body inside a long one; 80 where they share an end."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, second = usual_body(s, p, c, 0, 1), usual_body(s, p, c, 1, 0)
        is_there = (body_of(s, c, 1) > first) & (body_of(s, c, 0) <= second)
        out[0] = _harami(s, c) if is_there else 0.0


HARAMI = Step(harami_step)


def harami_cross_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A doji inside a long body; 80 where they share an end."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, thin = usual_body(s, p, c, 0, 1), sliver(s, p, c, 1, 0)
        is_there = (body_of(s, c, 1) > first) & (body_of(s, c, 0) <= thin)
        out[0] = _harami(s, c) if is_there else 0.0


HARAMI_CROSS = Step(harami_cross_step)


def doji_star_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A doji beyond a long body, where that one went."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, thin = usual_body(s, p, c, 0, 1), sliver(s, p, c, 1, 0)
        is_above = is_white(s, c, 1) & gaps_up(s, c, 0, 1)
        is_beyond = is_above | (is_black(s, c, 1) & gaps_down(s, c, 0, 1))
        is_there = (body_of(s, c, 1) > first) & (body_of(s, c, 0) <= thin) & is_beyond
        out[0] = -100.0 * color_of(s, c, 1) if is_there else 0.0


DOJI_STAR = Step(doji_star_step)


def counterattack_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Two long bodies of opposite colors that close at one price."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, second = usual_body(s, p, c, 0, 1), usual_body(s, p, c, 1, 0)
        equal = EQUAL * usual_range(s, p, c, 2, 1)
        is_there = (
            (color_of(s, c, 0) != color_of(s, c, 1))
            & (body_of(s, c, 1) > first)
            & (body_of(s, c, 0) > second)
            & within(close_of(s, c, 0), close_of(s, c, 1), equal)
        )
        out[0] = 100.0 * color_of(s, c, 0) if is_there else 0.0


COUNTERATTACK = Step(counterattack_step)


def separating_lines_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Opposite colors that open at one price; the second long, with no shadow behind it."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual, thin = usual_body(s, p, c, 0, 0), sliver(s, p, c, 1, 0)
        equal = EQUAL * usual_range(s, p, c, 2, 1)
        lower, upper = lower_of(s, c, 0), upper_of(s, c, 0)
        behind = lower if is_white(s, c, 0) else upper
        is_there = (
            (color_of(s, c, 0) != color_of(s, c, 1))
            & within(open_of(s, c, 0), open_of(s, c, 1), equal)
            & (body_of(s, c, 0) > usual)
            & (behind < thin)
        )
        out[0] = 100.0 * color_of(s, c, 0) if is_there else 0.0


SEPARATING_LINES = Step(separating_lines_step)


def dark_cloud_cover_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p[1]: penetration. A long white, then a black from above its high down into its body."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 1)
        is_there = (
            is_white(s, c, 1)
            & (body_of(s, c, 1) > usual)
            & is_black(s, c, 0)
            & (open_of(s, c, 0) > high_of(s, c, 1))
            & (close_of(s, c, 0) > open_of(s, c, 1))
            & (close_of(s, c, 0) < fused(-body_of(s, c, 1), p[1], close_of(s, c, 1)))
        )
        out[0] = -100.0 if is_there else 0.0


DARK_CLOUD_COVER = Step(dark_cloud_cover_step)


@cell
def _white_from_below(s: Numbers, c: int, usual: float) -> bool:
    # A long black candle, then a white one that opens below its low.
    return (
        is_black(s, c, 1)
        & (body_of(s, c, 1) > usual)
        & is_white(s, c, 0)
        & (open_of(s, c, 0) < low_of(s, c, 1))
    )


def piercing_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long black, then a long white from below its low to above the middle of its body."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, second = usual_body(s, p, c, 0, 1), usual_body(s, p, c, 1, 0)
        is_there = (
            _white_from_below(s, c, first)
            & (body_of(s, c, 0) > second)
            & (close_of(s, c, 0) < open_of(s, c, 1))
            & (close_of(s, c, 0) > close_of(s, c, 1) + body_of(s, c, 1) * 0.5)
        )
        out[0] = 100.0 if is_there else 0.0


PIERCING = Step(piercing_step)


def on_neck_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long black, then a white from below its low that only comes back to that low."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual, equal = usual_body(s, p, c, 0, 1), EQUAL * usual_range(s, p, c, 1, 1)
        is_back = within(close_of(s, c, 0), low_of(s, c, 1), equal)
        out[0] = -100.0 if _white_from_below(s, c, usual) & is_back else 0.0


ON_NECK = Step(on_neck_step)


def in_neck_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long black, then a white from below its low that only comes back to its close."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual, equal = usual_body(s, p, c, 0, 1), EQUAL * usual_range(s, p, c, 1, 1)
        is_back = (close_of(s, c, 1) <= close_of(s, c, 0)) & (
            close_of(s, c, 0) <= close_of(s, c, 1) + equal
        )
        out[0] = -100.0 if _white_from_below(s, c, usual) & is_back else 0.0


IN_NECK = Step(in_neck_step)


def thrusting_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long black, then a white from below its low into its body, up to the middle."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual, equal = usual_body(s, p, c, 0, 1), EQUAL * usual_range(s, p, c, 1, 1)
        is_inside = (close_of(s, c, 0) > close_of(s, c, 1) + equal) & (
            close_of(s, c, 0) <= close_of(s, c, 1) + body_of(s, c, 1) * 0.5
        )
        out[0] = -100.0 if _white_from_below(s, c, usual) & is_inside else 0.0


THRUSTING = Step(thrusting_step)


def homing_pigeon_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short black body inside a long black one."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        first, second = usual_body(s, p, c, 0, 1), usual_body(s, p, c, 1, 0)
        is_there = (
            is_black(s, c, 1)
            & is_black(s, c, 0)
            & (body_of(s, c, 1) > first)
            & (body_of(s, c, 0) <= second)
            & (open_of(s, c, 0) < open_of(s, c, 1))
            & (close_of(s, c, 0) > close_of(s, c, 1))
        )
        out[0] = 100.0 if is_there else 0.0


HOMING_PIGEON = Step(homing_pigeon_step)


def matching_low_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Two blacks that close at one price."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        equal = EQUAL * usual_range(s, p, c, 0, 1)
        is_match = within(close_of(s, c, 0), close_of(s, c, 1), equal)
        out[0] = 100.0 if is_black(s, c, 1) & is_black(s, c, 0) & is_match else 0.0


MATCHING_LOW = Step(matching_low_step)


@cell
def _kick(s: Numbers, p: Numbers, c: int) -> bool:
    # Two marubozu of opposite colors with an empty space between them, the second going away.
    usual_1, thin_1 = usual_body(s, p, c, 0, 1), sliver(s, p, c, 1, 1)
    usual_0, thin_0 = usual_body(s, p, c, 2, 0), sliver(s, p, c, 3, 0)
    rises, falls = leaps_up(s, c, 0, 1), leaps_down(s, c, 0, 1)
    is_away = (is_black(s, c, 1) & rises) | (is_white(s, c, 1) & falls)
    return (
        (color_of(s, c, 0) != color_of(s, c, 1))
        & (body_of(s, c, 1) > usual_1)
        & (max(upper_of(s, c, 1), lower_of(s, c, 1)) < thin_1)
        & (body_of(s, c, 0) > usual_0)
        & (max(upper_of(s, c, 0), lower_of(s, c, 0)) < thin_0)
        & is_away
    )


def kicking_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A marubozu, then one of the other color away from it: the second tells the direction."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = 100.0 * color_of(s, c, 0) if _kick(s, p, c) else 0.0


KICKING = Step(kicking_step)


def kicking_by_length_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A marubozu, then one of the other color away from it: the longer tells the direction."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        older, newer = color_of(s, c, 1), color_of(s, c, 0)
        longer = newer if body_of(s, c, 0) > body_of(s, c, 1) else older
        out[0] = 100.0 * longer if _kick(s, p, c) else 0.0


KICKING_BY_LENGTH = Step(kicking_by_length_step)
