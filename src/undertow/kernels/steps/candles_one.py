"""Patterns of one candle, judged by the candles before it.

Every step takes x: open, high, low, close; p: candles before the first that is judged; and gives
out: 100 or -100 where the pattern is complete with this candle, 0 where it is not.

Conditions are joined with & and |, which look at all of them: prices are random to a processor, and
a branch guessed wrongly costs more than a handful of comparisons.
"""

from math import nan

from undertow.kernels.cells.candle import (
    NEAR,
    body_of,
    bottom_of,
    color_of,
    gaps_down,
    gaps_up,
    high_of,
    is_white,
    low_of,
    lower_of,
    sliver,
    take_candle,
    top_of,
    upper_of,
    usual_body,
    usual_range,
    usual_shadow,
)
from undertow.kernels.compiled import cell
from undertow.kernels.step import Numbers, Step


def doji_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """Open and close are as good as equal."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 0)
        out[0] = 100.0 if body_of(s, c, 0) <= thin else 0.0


DOJI = Step(doji_step)


def dragonfly_doji_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A doji at the high, with a lower shadow."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 0)
        is_doji = body_of(s, c, 0) <= thin
        out[0] = (
            100.0 if is_doji & ((upper_of(s, c, 0) < thin) & (thin < lower_of(s, c, 0))) else 0.0
        )


DRAGONFLY_DOJI = Step(dragonfly_doji_step)


def gravestone_doji_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A doji at the low, with an upper shadow."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 0)
        is_doji = body_of(s, c, 0) <= thin
        out[0] = (
            100.0 if is_doji & ((lower_of(s, c, 0) < thin) & (thin < upper_of(s, c, 0))) else 0.0
        )


GRAVESTONE_DOJI = Step(gravestone_doji_step)


def long_legged_doji_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A doji with a shadow longer than its body."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 0)
        body = body_of(s, c, 0)
        is_leggy = max(lower_of(s, c, 0), upper_of(s, c, 0)) > body
        out[0] = 100.0 if (body <= thin) & is_leggy else 0.0


LONG_LEGGED_DOJI = Step(long_legged_doji_step)


def rickshaw_man_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A doji with two shadows and its body near the middle of the range."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 0)
        near = NEAR * usual_range(s, p, c, 1, 0)
        body = body_of(s, c, 0)
        middle = low_of(s, c, 0) + (high_of(s, c, 0) - low_of(s, c, 0)) / 2.0
        is_leggy = min(lower_of(s, c, 0), upper_of(s, c, 0)) > body
        is_central = (bottom_of(s, c, 0) <= middle + near) & (top_of(s, c, 0) >= middle - near)
        out[0] = 100.0 if (body <= thin) & is_leggy & is_central else 0.0


RICKSHAW_MAN = Step(rickshaw_man_step)


def takuri_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A dragonfly doji whose lower shadow is more than twice its body."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        thin = sliver(s, p, c, 0, 0)
        body = body_of(s, c, 0)
        is_deep = lower_of(s, c, 0) > 2.0 * body
        out[0] = 100.0 if (body <= thin) & (upper_of(s, c, 0) < thin) & is_deep else 0.0


TAKURI = Step(takuri_step)


def belt_hold_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long body that opens at its extreme: no shadow where it comes from."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        lower, upper = lower_of(s, c, 0), upper_of(s, c, 0)
        behind = lower if is_white(s, c, 0) else upper
        is_there = (body_of(s, c, 0) > usual) & (behind < thin)
        out[0] = 100.0 * color_of(s, c, 0) if is_there else 0.0


BELT_HOLD = Step(belt_hold_step)


def closing_marubozu_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long body that closes at its extreme: no shadow where it goes."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        lower, upper = lower_of(s, c, 0), upper_of(s, c, 0)
        ahead = upper if is_white(s, c, 0) else lower
        is_there = (body_of(s, c, 0) > usual) & (ahead < thin)
        out[0] = 100.0 * color_of(s, c, 0) if is_there else 0.0


CLOSING_MARUBOZU = Step(closing_marubozu_step)


def marubozu_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long body without shadows."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        is_bare = max(upper_of(s, c, 0), lower_of(s, c, 0)) < thin
        out[0] = 100.0 * color_of(s, c, 0) if (body_of(s, c, 0) > usual) & is_bare else 0.0


MARUBOZU = Step(marubozu_step)


def long_line_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A long body with short shadows."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        short = usual_shadow(s, p, c, 1, 0)
        is_calm = max(upper_of(s, c, 0), lower_of(s, c, 0)) < short
        out[0] = 100.0 * color_of(s, c, 0) if (body_of(s, c, 0) > usual) & is_calm else 0.0


LONG_LINE = Step(long_line_step)


def short_line_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body with short shadows."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        short = usual_shadow(s, p, c, 1, 0)
        is_calm = max(upper_of(s, c, 0), lower_of(s, c, 0)) < short
        out[0] = 100.0 * color_of(s, c, 0) if (body_of(s, c, 0) < usual) & is_calm else 0.0


SHORT_LINE = Step(short_line_step)


@cell
def _two_sided(s: Numbers, c: int, usual: float, times: float) -> float:
    # A short body with both shadows more than some times as long: its color, or 0.
    body = body_of(s, c, 0)
    is_there = (body < usual) & (min(upper_of(s, c, 0), lower_of(s, c, 0)) > times * body)
    return 100.0 * color_of(s, c, 0) if is_there else 0.0


def spinning_top_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body between shadows longer than it."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = _two_sided(s, c, usual_body(s, p, c, 0, 0), 1.0)


SPINNING_TOP = Step(spinning_top_step)


def high_wave_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body between shadows more than twice as long."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        out[0] = _two_sided(s, c, usual_body(s, p, c, 0, 0), 2.0)


HIGH_WAVE = Step(high_wave_step)


def hammer_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body on a lower shadow longer than it, at or below the low before."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        near = NEAR * usual_range(s, p, c, 2, 1)
        body = body_of(s, c, 0)
        is_hammer = (body < usual) & (lower_of(s, c, 0) > body) & (upper_of(s, c, 0) < thin)
        is_low = bottom_of(s, c, 0) <= low_of(s, c, 1) + near
        out[0] = 100.0 if is_hammer & is_low else 0.0


HAMMER = Step(hammer_step)


def hanging_man_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body on a lower shadow longer than it, at or above the high before."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        near = NEAR * usual_range(s, p, c, 2, 1)
        body = body_of(s, c, 0)
        is_hammer = (body < usual) & (lower_of(s, c, 0) > body) & (upper_of(s, c, 0) < thin)
        is_high = bottom_of(s, c, 0) >= high_of(s, c, 1) - near
        out[0] = -100.0 if is_hammer & is_high else 0.0


HANGING_MAN = Step(hanging_man_step)


def inverted_hammer_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body under an upper shadow longer than it, its body below the one before."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        body = body_of(s, c, 0)
        is_inverted = (body < usual) & (upper_of(s, c, 0) > body) & (lower_of(s, c, 0) < thin)
        out[0] = 100.0 if is_inverted & gaps_down(s, c, 0, 1) else 0.0


INVERTED_HAMMER = Step(inverted_hammer_step)


def shooting_star_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """A short body under an upper shadow longer than it, its body above the one before."""
    c = take_candle(s, x)
    out[0] = nan
    if s[0] > p[0]:
        usual = usual_body(s, p, c, 0, 0)
        thin = sliver(s, p, c, 1, 0)
        body = body_of(s, c, 0)
        is_inverted = (body < usual) & (upper_of(s, c, 0) > body) & (lower_of(s, c, 0) < thin)
        out[0] = -100.0 if is_inverted & gaps_up(s, c, 0, 1) else 0.0


SHOOTING_STAR = Step(shooting_star_step)


def rejection_wick_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p: wick in bodies, share of the range. A wick longer than that and a close beyond that."""
    opened, high, low, close = x[0], x[1], x[2], x[3]
    body, span = abs(close - opened), high - low
    out[0] = 0.0
    if (close > opened) & (opened - low > p[0] * body):
        out[0] = 100.0 if (close - low) / span > p[1] else 0.0
    elif (close < opened) & (high - opened > p[0] * body):
        out[0] = -100.0 if (high - close) / span > p[1] else 0.0


REJECTION_WICK = Step(rejection_wick_step)


def pin_bar_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """p: share. One shadow is more than that share of the range."""
    opened, high, low, close = x[0], x[1], x[2], x[3]
    tail = p[0] * (high - low)
    out[0] = 0.0
    if min(opened, close) - low > tail:
        out[0] = 100.0
    elif high - max(opened, close) > tail:
        out[0] = -100.0


PIN_BAR = Step(pin_bar_step)
