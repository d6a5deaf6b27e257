"""Moving averages."""

from math import exp, isqrt, pi, sin

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.delay import delay_size
from undertow.kernels.cells.shaped_sum import shaped_sum_size
from undertow.kernels.cells.weighted_sum import weighted_sum_size
from undertow.kernels.cells.wilder_average import WILDER_AVERAGE_SIZE
from undertow.kernels.cells.window_extreme import window_extreme_size
from undertow.kernels.steps import averages as steps


def share_of(period: float) -> float:
    """Weight of the newest value in an exponential average of `period` bars."""
    return 2.0 / (period + 1.0)


class Ema(CompiledIndicator):
    """Weight alpha = 2 / (period + 1) on the newest value, seeded with the mean of the first.

    In the unit of its input. Equal to TA-Lib's EMA.
    """

    name = "ema"
    summary = "Exponential moving average, seeded with a simple mean"
    source = "TA-Lib convention: alpha 2/(n+1), seeded with the SMA of the first n"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.EMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.ema_step`."""
        return Plan(period - 1, AVERAGE_SIZE, (period, share_of(period)))


class Sma(CompiledIndicator):
    """Mean of the last `period` values, in the unit of its input."""

    name = "sma"
    summary = "Simple moving average, free of rounding drift"
    source = "definition; block sums, so nothing is ever subtracted"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.SMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.sma_step`."""
        return Plan(period - 1, block_sum_size(period), (period,))


class Wma(CompiledIndicator):
    """Mean with weights 1 (oldest) to `period` (newest), in the unit of its input."""

    name = "wma"
    summary = "Moving average with linearly rising weights"
    source = "definition; TA-Lib WMA"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.WMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.wma_step`."""
        return Plan(period - 1, weighted_sum_size(period), (period, period * (period + 1) // 2))


class Rma(CompiledIndicator):
    """Weight 1 / period on the newest value, seeded with the mean of the first; Wilder's, SMMA.

    In the unit of its input.
    """

    name = "rma"
    summary = "Wilder's moving average, also called smoothed (SMMA)"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib RMA"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.RMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.rma_step`."""
        return Plan(period - 1, WILDER_AVERAGE_SIZE, (period,))


class Dema(CompiledIndicator):
    """2 EMA - EMA of EMA: less lag, some overshoot; in the unit of its input."""

    name = "dema"
    summary = "Double exponential moving average"
    source = "Mulloy (1994), Stocks & Commodities 12(1); TA-Lib DEMA"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.DEMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.dema_step`."""
        return Plan(2 * (period - 1), 2 * AVERAGE_SIZE, (period, share_of(period)))


class Tema(CompiledIndicator):
    """3 EMA - 3 EMA of EMA + EMA of EMA of EMA, in the unit of its input."""

    name = "tema"
    summary = "Triple exponential moving average"
    source = "Mulloy (1994), Stocks & Commodities 12(1); TA-Lib TEMA"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.TEMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.tema_step`."""
        return Plan(3 * (period - 1), 3 * AVERAGE_SIZE, (period, share_of(period)))


class T3(CompiledIndicator):
    """Tillson's average: DEMA with overshoot `factor` applied three times; in its input's unit."""

    name = "t3"
    summary = "Tillson's T3, six exponential averages in a chain"
    source = "Tillson (1998), Stocks & Commodities 16(1); TA-Lib T3"
    parameters = (
        Parameter("period", 5, "bars"),
        Parameter("factor", 0.7, "volume factor: 0 = plain averages, 1 = DEMA", 0, 1),
    )
    step = steps.T3

    @classmethod
    def plan(cls, *, period: int, factor: float) -> Plan:
        """Constants of `steps.t3_step`."""
        square, cube = factor**2, factor**3
        weights = (
            -cube,
            3 * (square + cube),
            -6 * square - 3 * (factor + cube),
            1 + 3 * factor + cube + 3 * square,
        )
        constants = (period, share_of(period), *weights)
        return Plan(6 * (period - 1), 6 * AVERAGE_SIZE, constants)


class Trima(CompiledIndicator):
    """Simple average of a simple average: weights rise to the middle and fall again.

    In the unit of its input.
    """

    name = "trima"
    summary = "Triangular moving average"
    source = "definition; TA-Lib TRIMA"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.TRIMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.trima_step`."""
        inner, outer = (period + 1) // 2, period // 2 + 1
        size = block_sum_size(inner) + block_sum_size(outer)
        return Plan(period - 1, size, (inner, outer))


class Kama(CompiledIndicator):
    """Kaufman's average: as fast as the price moves straight, in the unit of its input.

    The share is the square of a weight between those of `slow` and `fast` bars, by the efficiency
    ratio of the last `period` bars. It starts from the value before its first answer.
    """

    name = "kama"
    summary = "Kaufman's adaptive moving average"
    source = "Kaufman (1995), Smarter Trading; TA-Lib KAMA (fast 2, slow 30)"
    parameters = (
        Parameter("period", 10, "bars of the efficiency ratio"),
        Parameter("fast", 2, "bars of the average in a straight move"),
        Parameter("slow", 30, "bars of the average without direction"),
    )
    step = steps.KAMA

    @classmethod
    def plan(cls, *, period: int, fast: int, slow: int) -> Plan:
        """Constants of `steps.kama_step`."""
        size = 3 + delay_size(period) + block_sum_size(period)
        return Plan(period, size, (period, share_of(slow), share_of(fast) - share_of(slow)))


class Hma(CompiledIndicator):
    """WMA(sqrt n) of 2 WMA(n / 2) - WMA(n), all whole parts; in the unit of its input."""

    name = "hma"
    summary = "Hull moving average"
    source = "Hull (2005); lengths rounded down as in TA-Lib's HMA"
    parameters = (Parameter("period", 20, "bars", 2),)
    step = steps.HMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.hma_step`."""
        lengths = (period, period // 2, isqrt(period))
        size = sum(map(weighted_sum_size, lengths))
        return Plan(period + isqrt(period) - 2, size, lengths)


class Ehma(CompiledIndicator):
    """Hull's average with exponential instead of weighted averages, in the unit of its input."""

    name = "ehma"
    summary = "Exponential Hull moving average"
    source = "variant of Hull (2005) with EMA in the place of WMA"
    parameters = (Parameter("period", 20, "bars", 2),)
    step = steps.EHMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.ehma_step`."""
        lengths = (period, period // 2, isqrt(period))
        return Plan(period + isqrt(period) - 2, 3 * AVERAGE_SIZE, lengths)


class Zlema(CompiledIndicator):
    """EMA of 2 * value - value (period - 1) / 2 bars ago, in the unit of its input."""

    name = "zlema"
    summary = "Zero-lag exponential moving average"
    source = "Ehlers and Way (2010), Stocks & Commodities 28(12); TA-Lib ZLEMA"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.ZLEMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.zlema_step`."""
        lag = (period - 1) // 2
        size = AVERAGE_SIZE + delay_size(lag)
        return Plan(period - 1 + lag, size, (period, share_of(period), lag))


class Vwma(CompiledIndicator):
    """Mean close of the last `period` bars weighted by volume, a price; NaN without any volume."""

    name = "vwma"
    summary = "Volume-weighted moving average of closes"
    source = "definition; TA-Lib VWMA"
    parameters = (Parameter("period", 20, "bars"),)
    inputs = ("close", "volume")
    step = steps.VWMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.vwma_step`."""
        return Plan(period - 1, 2 * block_sum_size(period), (period,))


class Evwma(CompiledIndicator):
    """Moves to the close by the bar's share in the volume of `period` bars; a price.

    It starts at the close of its first answer and stands still while nothing is traded.
    """

    name = "evwma"
    summary = "Elastic volume-weighted moving average"
    source = "Fries (2001), Stocks & Commodities 19(6), on the volume of a moving window"
    parameters = (Parameter("period", 20, "bars"),)
    inputs = ("close", "volume")
    step = steps.EVWMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.evwma_step`."""
        return Plan(period - 1, 2 + block_sum_size(period), (period,))


class Midpoint(CompiledIndicator):
    """(largest + smallest) / 2 of the last `period` values, in the unit of its input."""

    name = "midpoint"
    summary = "Middle of the range of the last values"
    source = "definition; TA-Lib MIDPOINT"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.MIDPOINT

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.midpoint_step`."""
        return Plan(period - 1, 2 * window_extreme_size(period), (period,))


class Midprice(CompiledIndicator):
    """(highest high + lowest low) / 2 of the last `period` bars, a price."""

    name = "midprice"
    summary = "Middle between the highest high and the lowest low"
    source = "definition; TA-Lib MIDPRICE"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = ("high", "low")
    step = steps.MIDPRICE

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.midprice_step`."""
        return Plan(period - 1, 2 * window_extreme_size(period), (period,))


class Alma(CompiledIndicator):
    """Mean weighted by a bell curve, in the unit of its input.

    The curve stands `offset` of the way from the oldest to the newest value, and its width is
    period / sharpness bars.
    """

    name = "alma"
    summary = "Arnaud Legoux moving average, weights on a bell curve"
    source = "Legoux and Kouzis-Loukas (2009)"
    parameters = (
        Parameter("period", 9, "bars"),
        Parameter("offset", 0.85, "place of the largest weight, 0 = oldest, 1 = newest", 0, 1),
        Parameter("sharpness", 6.0, "period divided by the width of the curve", 1e-3),
    )
    step = steps.SHAPED

    @classmethod
    def plan(cls, *, period: int, offset: float, sharpness: float) -> Plan:
        """Constants of `steps.shaped_step`."""
        top, width = offset * (period - 1), period / sharpness
        nearest = min(abs(k - top) for k in range(period))
        bell = [exp((nearest**2 - (k - top) ** 2) / (2.0 * width**2)) for k in range(period)]
        return _shaped_plan(bell)


class SineAverage(CompiledIndicator):
    """Mean weighted by half a wave of a sine, heaviest in the middle; in the unit of its input."""

    name = "sine_average"
    summary = "Moving average with the weights of a sine"
    source = "definition: weights sin(pi k / (n + 1)), k = 1 to n"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.SHAPED

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.shaped_step`."""
        return _shaped_plan([sin(pi * (k + 1) / (period + 1)) for k in range(period)])


def _shaped_plan(weights: list[float]) -> Plan:
    # Constants of `shaped_step`: the weights, made to sum to 1.
    period, total = len(weights), sum(weights)
    shares = (weight / total for weight in weights)
    return Plan(period - 1, shaped_sum_size(period), (period, *shares))


class Frama(CompiledIndicator):
    """Average of bar middles, faster the straighter the price moves; a price.

    The share is exp(-4.6 (D - 1)), between 0.01 and 1, with D the fractal dimension found from the
    ranges of the two halves of the last `period` bars (made even by rounding down). While a range
    is zero the dimension stays what it was. It starts at the middle of its first bar.
    """

    name = "frama"
    summary = "Fractal adaptive moving average"
    source = "Ehlers (2005), Stocks & Commodities 23(10)"
    parameters = (Parameter("period", 16, "bars", 2),)
    inputs = ("high", "low")
    step = steps.FRAMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.frama_step`."""
        half = period // 2
        size = 3 + 2 * window_extreme_size(half) + 2 * delay_size(half)
        return Plan(2 * half - 1, size, (half,))


class Vidya(CompiledIndicator):
    """EMA whose share is multiplied by |CMO| / 100 of the last `momentum` bars.

    In the unit of its input. It starts at the value of its first answer; where nothing moves it
    stands still.
    """

    name = "vidya"
    summary = "Chande's variable index dynamic average"
    source = "Chande (1995), Stocks & Commodities 13(11), with the momentum oscillator as index"
    parameters = (
        Parameter("period", 14, "bars of the average"),
        Parameter("momentum", 9, "bars of the momentum oscillator"),
    )
    step = steps.VIDYA

    @classmethod
    def plan(cls, *, period: int, momentum: int) -> Plan:
        """Constants of `steps.vidya_step`."""
        return Plan(momentum, 3 + 2 * block_sum_size(momentum), (share_of(period), momentum))


class Mcginley(CompiledIndicator):
    """average += (value - average) / (period (value / average)^4), in the unit of its input.

    Seeded with the mean of the first values. A move never goes past the value, and one to another
    sign is ignored: the ratio means nothing there.
    """

    name = "mcginley"
    summary = "McGinley's dynamic average, quicker in falls than in rises"
    source = "McGinley (1990), Market Technicians Association Journal"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.MCGINLEY

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.mcginley_step`."""
        return Plan(period - 1, AVERAGE_SIZE, (period,))


INDICATORS = (
    Alma,
    Dema,
    Ehma,
    Ema,
    Evwma,
    Frama,
    Hma,
    Kama,
    Mcginley,
    Midpoint,
    Midprice,
    Rma,
    SineAverage,
    Sma,
    T3,
    Tema,
    Trima,
    Vidya,
    Vwma,
    Wma,
    Zlema,
)
