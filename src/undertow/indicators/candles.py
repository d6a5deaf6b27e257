"""Candlestick patterns of one and two candles.

A value of 100 says that the pattern is complete with this candle and speaks for a rise (or is
white), -100 for a fall (or is black), 0 that it is not there. Names and thresholds are TA-Lib's,
and so is every value; what is long, short or near is told in `kernels.cells.candle`. A pattern is a
shape, not a forecast: nothing here looks at the trend before it.
"""

from undertow.indicators.candle_pattern import MORRIS, CandlePattern
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.steps import candles_one as one
from undertow.kernels.steps import candles_two as two


class Doji(CandlePattern):
    """Open and close as good as equal: nobody won."""

    name = "doji"
    summary = "Open and close as good as equal"
    step = one.DOJI
    before = 10


class DragonflyDoji(CandlePattern):
    """A doji at the high over a lower shadow: sellers came and went."""

    name = "dragonfly_doji"
    summary = "Doji at the high with a lower shadow"
    step = one.DRAGONFLY_DOJI
    before = 10


class GravestoneDoji(CandlePattern):
    """A doji at the low under an upper shadow: buyers came and went."""

    name = "gravestone_doji"
    summary = "Doji at the low with an upper shadow"
    step = one.GRAVESTONE_DOJI
    before = 10


class LongLeggedDoji(CandlePattern):
    """A doji with a shadow longer than its body."""

    name = "long_legged_doji"
    summary = "Doji with a shadow longer than its body"
    step = one.LONG_LEGGED_DOJI
    before = 10


class RickshawMan(CandlePattern):
    """A doji with two shadows and its body near the middle of the range."""

    name = "rickshaw_man"
    summary = "Doji with two shadows, its body near the middle"
    step = one.RICKSHAW_MAN
    before = 10


class Takuri(CandlePattern):
    """A dragonfly doji whose lower shadow is more than twice its body."""

    name = "takuri"
    summary = "Dragonfly doji with a very long lower shadow"
    step = one.TAKURI
    before = 10


class BeltHold(CandlePattern):
    """A long body that opens at its extreme; 100 up, -100 down."""

    name = "belt_hold"
    summary = "Long body that opens at its extreme, up or down"
    step = one.BELT_HOLD
    before = 10


class ClosingMarubozu(CandlePattern):
    """A long body that closes at its extreme; 100 up, -100 down."""

    name = "closing_marubozu"
    summary = "Long body that closes at its extreme, up or down"
    step = one.CLOSING_MARUBOZU
    before = 10


class Marubozu(CandlePattern):
    """A long body without shadows; 100 up, -100 down."""

    name = "marubozu"
    summary = "Long body without shadows, up or down"
    step = one.MARUBOZU
    before = 10


class LongLine(CandlePattern):
    """A long body with short shadows; 100 up, -100 down."""

    name = "long_line"
    summary = "Long body with short shadows, up or down"
    step = one.LONG_LINE
    before = 10


class ShortLine(CandlePattern):
    """A short body with short shadows; 100 white, -100 black."""

    name = "short_line"
    summary = "Short body with short shadows, white or black"
    step = one.SHORT_LINE
    before = 10


class SpinningTop(CandlePattern):
    """A short body between shadows longer than it; 100 white, -100 black."""

    name = "spinning_top"
    summary = "Short body between longer shadows, white or black"
    step = one.SPINNING_TOP
    before = 10


class HighWave(CandlePattern):
    """A short body between shadows more than twice as long; 100 white, -100 black."""

    name = "high_wave"
    summary = "Short body between very long shadows, white or black"
    step = one.HIGH_WAVE
    before = 10


class Hammer(CandlePattern):
    """A short body over a longer lower shadow, at or below the low before: a turn up."""

    name = "hammer"
    summary = "Short body over a long lower shadow, near the low before"
    step = one.HAMMER
    before = 11


class HangingMan(CandlePattern):
    """A short body over a longer lower shadow, at or above the high before: a turn down."""

    name = "hanging_man"
    summary = "Short body over a long lower shadow, near the high before"
    step = one.HANGING_MAN
    before = 11


class InvertedHammer(CandlePattern):
    """A short body under a longer upper shadow, below the body before: a turn up."""

    name = "inverted_hammer"
    summary = "Short body under a long upper shadow, below a gap"
    step = one.INVERTED_HAMMER
    before = 11


class ShootingStar(CandlePattern):
    """A short body under a longer upper shadow, above the body before: a turn down."""

    name = "shooting_star"
    summary = "Short body under a long upper shadow, above a gap"
    step = one.SHOOTING_STAR
    before = 11


class Engulfing(CandlePattern):
    """A body that holds the one before, of the other color; 80 where they share an end."""

    name = "engulfing"
    summary = "Body that holds the one before, of the other color"
    step = two.ENGULFING
    before = 2


class Harami(CandlePattern):
    """A short body inside a long one; 80 where they share an end."""

    name = "harami"
    summary = "Short body inside the long one before"
    step = two.HARAMI
    before = 11


class HaramiCross(CandlePattern):
    """A doji inside a long body; 80 where they share an end."""

    name = "harami_cross"
    summary = "Doji inside the long body before"
    step = two.HARAMI_CROSS
    before = 11


class DojiStar(CandlePattern):
    """A doji beyond a long body, where that one went: a warning against it."""

    name = "doji_star"
    summary = "Doji beyond a gap after a long body"
    step = two.DOJI_STAR
    before = 11


class Counterattack(CandlePattern):
    """Two long bodies of opposite colors that close at one price."""

    name = "counterattack"
    summary = "Opposite long bodies that close at one price"
    step = two.COUNTERATTACK
    before = 11


class SeparatingLines(CandlePattern):
    """Two opposite colors that open at one price; the second, long, goes on."""

    name = "separating_lines"
    summary = "Opposite colors that open at one price"
    step = two.SEPARATING_LINES
    before = 11


class DarkCloudCover(CandlePattern):
    """A long white, then a black from above its high down into its body."""

    name = "dark_cloud_cover"
    summary = "Black from above a long white's high down into its body"
    parameters = (Parameter("penetration", 0.5, "share of the first body", 0.0, 1.0),)
    step = two.DARK_CLOUD_COVER
    before = 11


class Piercing(CandlePattern):
    """A long black, then a long white from below its low to above the middle of its body."""

    name = "piercing"
    summary = "Long white from below a black's low to above its middle"
    step = two.PIERCING
    before = 11


class OnNeck(CandlePattern):
    """A long black, then a white from below its low back to that low: the fall goes on."""

    name = "on_neck"
    summary = "White from below a long black's low back to that low"
    step = two.ON_NECK
    before = 11


class InNeck(CandlePattern):
    """A long black, then a white from below its low back to its close: the fall goes on."""

    name = "in_neck"
    summary = "White from below a long black's low back to its close"
    step = two.IN_NECK
    before = 11


class Thrusting(CandlePattern):
    """A long black, then a white from below its low into its body, up to the middle."""

    name = "thrusting"
    summary = "White from below a long black's low up to its middle"
    step = two.THRUSTING
    before = 11


class HomingPigeon(CandlePattern):
    """A short black body inside a long black one: the fall tires."""

    name = "homing_pigeon"
    summary = "Short black body inside a long black one"
    source = MORRIS
    step = two.HOMING_PIGEON
    before = 11


class MatchingLow(CandlePattern):
    """Two blacks that close at one price: a floor."""

    name = "matching_low"
    summary = "Two blacks that close at one price"
    source = MORRIS
    step = two.MATCHING_LOW
    before = 6


class Kicking(CandlePattern):
    """Two opposite marubozu with an empty space between: the second tells the direction."""

    name = "kicking"
    summary = "Opposite marubozu apart; the second tells the direction"
    source = MORRIS
    step = two.KICKING
    before = 11


class KickingByLength(CandlePattern):
    """Two opposite marubozu with an empty space between: the longer tells the direction."""

    name = "kicking_by_length"
    summary = "Opposite marubozu apart; the longer tells the direction"
    source = MORRIS
    step = two.KICKING_BY_LENGTH
    before = 11


class PinBar(CompiledIndicator):
    """One shadow is more than `tail` of the whole range; 100 for a lower one, -100 for an upper."""

    name = "pin_bar"
    summary = "One shadow makes up most of the range, below or above"
    source = "definition; the usual two thirds"
    parameters = (Parameter("tail", 2.0 / 3.0, "share of the range", 0.5, 1.0),)
    inputs = ("open", "high", "low", "close")
    step = one.PIN_BAR

    @classmethod
    def plan(cls, *, tail: float) -> Plan:
        """Constants of `candles_one.pin_bar_step`."""
        return Plan(0, 0, (tail,))


class RejectionWick(CompiledIndicator):
    """A wick of more than `wick` bodies, and a close beyond `share` of the range away from it.

    100: the lower wick is longer than `wick` bodies, close above open, (close - low) / (high - low)
    above `share`. -100: the mirror.
    """

    name = "rejection_wick"
    summary = "Long wick and a close at the other end of the range, up or down"
    source = "definition: wick over twice the body, close in the outer fifth of the range"
    parameters = (
        Parameter("wick", 2.0, "bodies", 0.0),
        Parameter("share", 0.8, "share of the range", 0.0, 1.0),
    )
    inputs = ("open", "high", "low", "close")
    step = one.REJECTION_WICK

    @classmethod
    def plan(cls, *, wick: float, share: float) -> Plan:
        """Constants of `candles_one.rejection_wick_step`."""
        return Plan(0, 0, (wick, share))


INDICATORS: tuple[type[CompiledIndicator], ...] = (
    Doji,
    DragonflyDoji,
    GravestoneDoji,
    LongLeggedDoji,
    RickshawMan,
    Takuri,
    BeltHold,
    ClosingMarubozu,
    Marubozu,
    LongLine,
    ShortLine,
    SpinningTop,
    HighWave,
    Hammer,
    HangingMan,
    InvertedHammer,
    ShootingStar,
    Engulfing,
    Harami,
    HaramiCross,
    DojiStar,
    Counterattack,
    SeparatingLines,
    DarkCloudCover,
    Piercing,
    OnNeck,
    InNeck,
    Thrusting,
    HomingPigeon,
    MatchingLow,
    Kicking,
    KickingByLength,
    PinBar,
    RejectionWick,
)
