"""Lines that trail behind a price: where a position in the trend's direction would be closed."""

from math import inf

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE
from undertow.kernels.cells.window_extreme import window_extreme_size
from undertow.kernels.steps import stops as steps

BAR = ("high", "low", "close")


class Supertrend(CompiledIndicator):
    """Band at `width` average true ranges from the bar's middle on the trend's side, a price.

    `trend` is 1 (band below) or -1 (above). A band only moves towards the price until a close has
    crossed it. The first trend is taken to be up.
    """

    name = "supertrend"
    summary = "Trailing band of average true ranges and its direction"
    source = "Seban's Supertrend; start and rounding as in TA-Lib's SUPERTREND"
    parameters = (
        Parameter("period", 10, "bars of the average true range"),
        Parameter("width", 3.0, "average true ranges from the middle to the band", 0),
    )
    inputs = BAR
    outputs = ("value", "trend")
    step = steps.SUPERTREND

    @classmethod
    def plan(cls, *, period: int, width: float) -> Plan:
        """Constants of `steps.supertrend_step`."""
        return Plan(period, 7, (period, width))


class Sar(CompiledIndicator):
    """Parabolic stop and reverse, a price; `trend` is 1 (stop below the price) or -1 (above).

    The stop of a bar is known before it, except on a turn, where it jumps to the extreme of the
    move that ended.
    """

    name = "sar"
    summary = "Wilder's parabolic stop and reverse"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; start as TA-Lib's SAR"
    parameters = (
        Parameter("acceleration", 0.02, "first and added share of the way to the extreme", 0),
        Parameter("maximum", 0.2, "largest share", 0),
    )
    inputs = ("high", "low")
    outputs = ("value", "trend")
    step = steps.SAR

    @classmethod
    def plan(cls, *, acceleration: float, maximum: float) -> Plan:
        """Constants of `steps.sar_step`."""
        speed = (min(acceleration, maximum), min(acceleration, maximum), maximum)
        return Plan(1, steps.PARABOLIC_SIZE, (0.0, 0.0, *speed, *speed))


class Sarext(CompiledIndicator):
    """Parabolic stop with its own numbers for each side; negative while short, as in TA-Lib.

    Its absolute value is a price.
    """

    name = "sarext"
    summary = "Parabolic stop with separate settings for long and short"
    source = "TA-Lib SAREXT, after Wilder (1978)"
    parameters = (
        Parameter("start", 0.0, "first stop: 0 = found, below 0 = short at its absolute", -inf),
        Parameter(
            "offset", 0.0, "share of the stop that is added away from the price on a turn", 0
        ),
        Parameter("first_long", 0.02, "first share of the way to the extreme, long", 0),
        Parameter("added_long", 0.02, "share added at each new extreme, long", 0),
        Parameter("maximum_long", 0.2, "largest share, long", 0),
        Parameter("first_short", 0.02, "first share of the way to the extreme, short", 0),
        Parameter("added_short", 0.02, "share added at each new extreme, short", 0),
        Parameter("maximum_short", 0.2, "largest share, short", 0),
    )
    inputs = ("high", "low")
    step = steps.SAREXT

    @classmethod
    def plan(cls, *, start: float, offset: float, **speeds: float) -> Plan:
        """Constants of `steps.sarext_step`."""
        most = {side: speeds[f"maximum_{side}"] for side in ("long", "short")}
        constants = [
            min(speeds[f"{which}_{side}"], most[side])
            for side in ("long", "short")
            for which in ("first", "added", "maximum")
        ]
        return Plan(1, steps.PARABOLIC_SIZE, (start, offset, *constants))


class Chandelier(CompiledIndicator):
    """Highest high - `width` average true ranges (stop of a long one), and for `short` the mirror.

    Prices, over the last `period` bars.
    """

    name = "chandelier"
    summary = "Chandelier exit: stops hung from the extreme by true ranges"
    source = "Le Beau's exit, in Elder (2002), Come Into My Trading Room"
    parameters = (
        Parameter("period", 22, "bars of the extreme and of the average true range"),
        Parameter("width", 3.0, "average true ranges from the extreme to the stop", 0),
    )
    inputs = BAR
    outputs = ("value", "short")
    step = steps.CHANDELIER

    @classmethod
    def plan(cls, *, period: int, width: float) -> Plan:
        """Constants of `steps.chandelier_step`."""
        size = AVERAGE_RANGE_SIZE + 2 * window_extreme_size(period)
        return Plan(period, size, (period, width))


class ChandeKroll(CompiledIndicator):
    """Lowest of (lowest low + ranges), the stop of a long one, and for `short` the mirror; prices.

    The inner extremes and the average true range are of `period` bars, the outer of `stop_period`.
    """

    name = "chande_kroll"
    summary = "Chande and Kroll's stops"
    source = "Chande and Kroll (1994), The New Technical Trader"
    parameters = (
        Parameter("period", 10, "bars of the extreme and of the average true range"),
        Parameter("width", 1.0, "average true ranges from the extreme", 0),
        Parameter("stop_period", 9, "bars of the stop"),
    )
    inputs = BAR
    outputs = ("value", "short")
    step = steps.CHANDE_KROLL

    @classmethod
    def plan(cls, *, period: int, width: float, stop_period: int) -> Plan:
        """Constants of `steps.chande_kroll_step`."""
        size = AVERAGE_RANGE_SIZE + 2 * window_extreme_size(period)
        size += 2 * window_extreme_size(stop_period)
        return Plan(period + stop_period - 1, size, (period, width, stop_period))


INDICATORS = (ChandeKroll, Chandelier, Sar, Sarext, Supertrend)
