"""Candlestick patterns of three and more candles.

A value of 100 says that the pattern is complete with this candle and speaks for a rise, -100 for a
fall, 0 that it is not there; a hikkake says 200 or -200 where its trap is confirmed. Names and
thresholds are TA-Lib's, and so is every value.
"""

from undertow.indicators.candle_pattern import CHESLER, MORRIS, CandlePattern
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.steps import candles_many as many
from undertow.kernels.steps import candles_three as three
from undertow.kernels.steps.candles_many import TRAP_SIZE


class TwoCrows(CandlePattern):
    """A long white, a black above it, a black from inside the second into the first."""

    name = "two_crows"
    summary = "Blacks above and back into a long white"
    step = three.TWO_CROWS
    before = 12


class UpsideGapTwoCrows(CandlePattern):
    """A long white and two blacks above it, the second engulfing the first."""

    name = "upside_gap_two_crows"
    summary = "Two blacks above a long white, one engulfing the other"
    step = three.UPSIDE_GAP_TWO_CROWS
    before = 12


class ThreeInside(CandlePattern):
    """A harami, confirmed by a close beyond the open of the long body."""

    name = "three_inside"
    summary = "Harami confirmed by the third close, up or down"
    source = MORRIS
    step = three.THREE_INSIDE
    before = 12


class ThreeOutside(CandlePattern):
    """An engulfing body, confirmed by a close further that way."""

    name = "three_outside"
    summary = "Engulfing confirmed by the third close, up or down"
    source = MORRIS
    step = three.THREE_OUTSIDE
    before = 3


class ThreeStarsInTheSouth(CandlePattern):
    """Three blacks, each smaller and ending higher: a fall that dies away."""

    name = "three_stars_in_the_south"
    summary = "Three blacks that shrink towards a floor"
    source = MORRIS
    step = three.THREE_STARS_IN_THE_SOUTH
    before = 12


class ThreeWhiteSoldiers(CandlePattern):
    """Three strong whites, each from inside the last body."""

    name = "three_white_soldiers"
    summary = "Three strong whites, each from inside the last"
    step = three.THREE_WHITE_SOLDIERS
    before = 12


class AdvanceBlock(CandlePattern):
    """Three rising whites that weaken: a rise that dies away."""

    name = "advance_block"
    summary = "Three rising whites that weaken"
    step = three.ADVANCE_BLOCK
    before = 12


class StalledPattern(CandlePattern):
    """Two long whites, then a short one on the shoulder of the second."""

    name = "stalled_pattern"
    summary = "Two long whites and a short one on their shoulder"
    step = three.STALLED_PATTERN
    before = 12


class IdenticalThreeCrows(CandlePattern):
    """Three falling blacks, each opening at the close before."""

    name = "identical_three_crows"
    summary = "Three blacks, each from the close before"
    source = MORRIS
    step = three.IDENTICAL_THREE_CROWS
    before = 12


class AbandonedBaby(CandlePattern):
    """A long body, a doji alone beyond it, a body back into the first."""

    name = "abandoned_baby"
    summary = "Lone doji between two opposite bodies, up or down"
    parameters = (Parameter("penetration", 0.3, "share of the first body", 0.0, 1.0),)
    step = three.ABANDONED_BABY
    before = 12


class EveningStar(CandlePattern):
    """A long white, a short body above it, a black back into the first: a top."""

    name = "evening_star"
    summary = "Long white, short body above, black back into the first"
    parameters = (Parameter("penetration", 0.3, "share of the first body", 0.0, 1.0),)
    step = three.EVENING_STAR
    before = 12


class EveningDojiStar(CandlePattern):
    """A long white, a doji above it, a black back into the first: a top."""

    name = "evening_doji_star"
    summary = "Long white, doji above, black back into the first"
    parameters = (Parameter("penetration", 0.3, "share of the first body", 0.0, 1.0),)
    step = three.EVENING_DOJI_STAR
    before = 12


class MorningStar(CandlePattern):
    """A long black, a short body below it, a white back into the first: a bottom."""

    name = "morning_star"
    summary = "Long black, short body below, white back into the first"
    parameters = (Parameter("penetration", 0.3, "share of the first body", 0.0, 1.0),)
    step = three.MORNING_STAR
    before = 12


class MorningDojiStar(CandlePattern):
    """A long black, a doji below it, a white back into the first: a bottom."""

    name = "morning_doji_star"
    summary = "Long black, doji below, white back into the first"
    parameters = (Parameter("penetration", 0.3, "share of the first body", 0.0, 1.0),)
    step = three.MORNING_DOJI_STAR
    before = 12


class GapSideBySideWhite(CandlePattern):
    """Two whites alike, side by side beyond a gap; 100 above it, -100 below."""

    name = "gap_side_by_side_white"
    summary = "Two whites alike beyond a gap, above or below"
    step = three.GAP_SIDE_BY_SIDE_WHITE
    before = 7


class TasukiGap(CandlePattern):
    """A body beyond a gap, then one of the other color that does not close the gap."""

    name = "tasuki_gap"
    summary = "Gap that the next candle does not close, up or down"
    step = three.TASUKI_GAP
    before = 7


class GapThreeMethods(CandlePattern):
    """Two of one color with a gap between, then one of the other color that closes it."""

    name = "gap_three_methods"
    summary = "Gap that the next candle closes, up or down"
    source = MORRIS
    step = three.GAP_THREE_METHODS
    before = 2


class StickSandwich(CandlePattern):
    """A black, a white above its close, a black that closes where the first did."""

    name = "stick_sandwich"
    summary = "White between two blacks of one close"
    source = MORRIS
    step = three.STICK_SANDWICH
    before = 7


class Tristar(CandlePattern):
    """Three dojis, the middle one furthest out."""

    name = "tristar"
    summary = "Three dojis, the middle one furthest out"
    step = three.TRISTAR
    before = 12


class UniqueThreeRiver(CandlePattern):
    """A long black, a black inside with a lower low, a short white: a bottom."""

    name = "unique_three_river"
    summary = "Long black, a lower low inside it, a short white"
    step = three.UNIQUE_THREE_RIVER
    before = 12


class ThreeBlackCrows(CandlePattern):
    """A white, then three falling blacks, each from inside the last body."""

    name = "three_black_crows"
    summary = "Three falling blacks after a white"
    step = many.THREE_BLACK_CROWS
    before = 13


class ThreeLineStrike(CandlePattern):
    """Three of one color, and one that takes all of it back; told in their direction."""

    name = "three_line_strike"
    summary = "Three of one color and one that takes it all back"
    source = MORRIS
    step = many.THREE_LINE_STRIKE
    before = 8


class ConcealingBabySwallow(CandlePattern):
    """Four blacks, the last holding the third with its shadows: a bottom."""

    name = "concealing_baby_swallow"
    summary = "Four blacks, the last holding the third whole"
    source = MORRIS
    step = many.CONCEALING_BABY_SWALLOW
    before = 13


class Breakaway(CandlePattern):
    """A long body, a gap, three candles on, then one back into the gap."""

    name = "breakaway"
    summary = "Gap after a long body, filled by the fifth candle"
    source = MORRIS
    step = many.BREAKAWAY
    before = 14


class LadderBottom(CandlePattern):
    """Four blacks going down, then a white that closes above the last one's high."""

    name = "ladder_bottom"
    summary = "Four blacks down, then a white above the last"
    source = MORRIS
    step = many.LADDER_BOTTOM
    before = 14


class MatHold(CandlePattern):
    """A long white, a rest that hardly gives way, a white above it all."""

    name = "mat_hold"
    summary = "Long white, a shallow rest, a white above it all"
    parameters = (Parameter("penetration", 0.5, "share of the first body", 0.0, 1.0),)
    step = many.MAT_HOLD
    before = 14


class RisingFallingThreeMethods(CandlePattern):
    """A long body, three short ones back through its range, a long one further."""

    name = "rising_falling_three_methods"
    summary = "Long body, three short ones back, a long one further"
    step = many.RISING_FALLING_THREE_METHODS
    before = 14


class Hikkake(CandlePattern):
    """An inside candle and a break that may prove false: 100 up, 200 once it has."""

    name = "hikkake"
    summary = "Inside candle and a break that proves false"
    source = CHESLER
    step = many.HIKKAKE
    before = 5
    size = TRAP_SIZE


class ModifiedHikkake(CandlePattern):
    """Two inside candles and a break that may prove false: 100 up, 200 once it has."""

    name = "modified_hikkake"
    summary = "Two inside candles and a break that proves false"
    source = CHESLER
    step = many.MODIFIED_HIKKAKE
    before = 10
    size = TRAP_SIZE

    @classmethod
    def plan(cls, **_: float) -> Plan:
        """Judged from the eighth candle on, so that a trap can be open when the first is told."""
        return Plan(cls.before, cls.size, (7, cls.before))


INDICATORS: tuple[type[CompiledIndicator], ...] = (
    TwoCrows,
    UpsideGapTwoCrows,
    ThreeInside,
    ThreeOutside,
    ThreeStarsInTheSouth,
    ThreeWhiteSoldiers,
    AdvanceBlock,
    StalledPattern,
    IdenticalThreeCrows,
    AbandonedBaby,
    EveningStar,
    EveningDojiStar,
    MorningStar,
    MorningDojiStar,
    GapSideBySideWhite,
    TasukiGap,
    GapThreeMethods,
    StickSandwich,
    Tristar,
    UniqueThreeRiver,
    ThreeBlackCrows,
    ThreeLineStrike,
    ConcealingBabySwallow,
    Breakaway,
    LadderBottom,
    MatHold,
    RisingFallingThreeMethods,
    Hikkake,
    ModifiedHikkake,
)
