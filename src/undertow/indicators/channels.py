"""Channels: a middle with bounds around it."""

from undertow.indicators.averages import share_of
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.delay import delay_size
from undertow.kernels.cells.weighted_variance import RUNNING_VARIANCE_SIZE, weighted_variance_size
from undertow.kernels.cells.window_extreme import window_extreme_size
from undertow.kernels.cells.window_regression import window_regression_size
from undertow.kernels.cells.window_variance import window_variance_size
from undertow.kernels.steps import channels as steps

BAR = ("high", "low", "close")
BANDS = ("value", "upper", "lower")

_BOLLINGER = (
    Parameter("period", 20, "bars"),
    Parameter("up", 2.0, "deviations from the mean to the upper band", 0),
    Parameter("down", 2.0, "deviations from the mean to the lower band", 0),
)


def starts_of(sizes: list[int]) -> list[int]:
    """Where each of several stretches begins that stand one behind the other; the end as last."""
    starts = [0]
    for size in sizes:
        starts.append(starts[-1] + size)
    return starts


class Bollinger(CompiledIndicator):
    """Mean of the last `period` values (the value) and the bands around it, in input units.

    Bands at mean + up * deviation and mean - down * deviation, deviation of the population.
    """

    name = "bollinger"
    summary = "Simple moving average with bands at multiples of the standard deviation"
    source = "Bollinger (2001); population deviation (ddof 0) as in TA-Lib's BBANDS"
    parameters = _BOLLINGER
    outputs = BANDS
    step = steps.BOLLINGER

    @classmethod
    def plan(cls, *, period: int, up: float, down: float) -> Plan:
        """Constants of `steps.bollinger_step`."""
        return Plan(period - 1, window_variance_size(period), (period, up, down))


class PercentB(CompiledIndicator):
    """Place between the Bollinger bands: 0 = lower, 1 = upper, beyond them outside.

    NaN where the bands have no width.
    """

    name = "percent_b"
    summary = "Where the value stands between its Bollinger bands"
    source = "Bollinger (2001)"
    parameters = _BOLLINGER
    step = steps.PERCENT_B

    @classmethod
    def plan(cls, *, period: int, up: float, down: float) -> Plan:
        """Constants of `steps.percent_b_step`."""
        return Plan(period - 1, window_variance_size(period), (period, up, down))


class Bandwidth(CompiledIndicator):
    """(upper - lower) / mean of the Bollinger bands, a share; NaN where the mean is zero."""

    name = "bandwidth"
    summary = "Width of the Bollinger bands relative to their middle"
    source = "Bollinger (2001)"
    parameters = _BOLLINGER
    step = steps.BANDWIDTH

    @classmethod
    def plan(cls, *, period: int, up: float, down: float) -> Plan:
        """Constants of `steps.bandwidth_step`."""
        return Plan(period - 1, window_variance_size(period), (period, up, down))


class Envelope(CompiledIndicator):
    """Mean of the last `period` values and bounds `percent` above and below, in input units."""

    name = "envelope"
    summary = "Simple moving average with bounds at a percentage of it"
    source = "definition"
    parameters = (
        Parameter("period", 20, "bars"),
        Parameter("percent", 2.5, "distance of the bounds in percent of the mean", 0),
    )
    outputs = BANDS
    step = steps.ENVELOPE

    @classmethod
    def plan(cls, *, period: int, percent: float) -> Plan:
        """Constants of `steps.envelope_step`."""
        return Plan(period - 1, block_sum_size(period), (period, percent / 100.0))


class Accbands(CompiledIndicator):
    """Mean close, and means of highs and lows moved apart by 4 (high - low) / (high + low).

    Prices.
    """

    name = "accbands"
    summary = "Headley's acceleration bands"
    source = "Headley (2002), Big Trends in Trading; TA-Lib ACCBANDS"
    parameters = (Parameter("period", 20, "bars"),)
    inputs = BAR
    outputs = BANDS
    step = steps.ACCBANDS

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.accbands_step`."""
        return Plan(period - 1, 3 * block_sum_size(period), (period,))


class Donchian(CompiledIndicator):
    """Highest high, lowest low and their middle (the value) of the last `period` bars, prices.

    The bar itself counts; a breakout is seen against the bounds of the bar before.
    """

    name = "donchian"
    summary = "Highest high and lowest low of the last bars"
    source = "Donchian (1960); TA-Lib DONCHIAN"
    parameters = (Parameter("period", 20, "bars"),)
    inputs = ("high", "low")
    outputs = BANDS
    step = steps.DONCHIAN

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.donchian_step`."""
        return Plan(period - 1, 2 * window_extreme_size(period), (period,))


class Keltner(CompiledIndicator):
    """EMA of the typical price and bounds at `width` average true ranges from it, prices.

    Whichever needs fewer bars begins later, so that both are seeded just before the first answer.
    """

    name = "keltner"
    summary = "Keltner channel: typical price averaged, bounds by true ranges"
    source = "Keltner (1960) with Raschke's true ranges; TA-Lib KC"
    parameters = (
        Parameter("period", 20, "bars of the middle"),
        Parameter("atr_period", 10, "bars of the average true range"),
        Parameter("width", 2.0, "average true ranges from the middle to a bound", 0),
    )
    inputs = BAR
    outputs = BANDS
    step = steps.KELTNER

    @classmethod
    def plan(cls, *, period: int, atr_period: int, width: float) -> Plan:
        """Constants of `steps.keltner_step`."""
        warmup = max(period - 1, atr_period)
        waits = (warmup - period + 1, warmup - atr_period)
        constants = (period, share_of(period), atr_period, width, *waits)
        return Plan(warmup, 1 + AVERAGE_SIZE + AVERAGE_RANGE_SIZE, constants)


class Starc(CompiledIndicator):
    """Mean close and bounds at `width` average true ranges from it, prices."""

    name = "starc"
    summary = "Stoller's average range channel"
    source = "Stoller (STARC bands): SMA(6) +- 2 ATR(15)"
    parameters = (
        Parameter("period", 6, "bars of the middle"),
        Parameter("atr_period", 15, "bars of the average true range"),
        Parameter("width", 2.0, "average true ranges from the middle to a bound", 0),
    )
    inputs = BAR
    outputs = BANDS
    step = steps.STARC

    @classmethod
    def plan(cls, *, period: int, atr_period: int, width: float) -> Plan:
        """Constants of `steps.starc_step`."""
        size = AVERAGE_RANGE_SIZE + block_sum_size(period)
        return Plan(max(period - 1, atr_period), size, (period, atr_period, width))


class AtrBands(CompiledIndicator):
    """Close (the value) and bounds at `width` average true ranges from it, prices."""

    name = "atr_bands"
    summary = "Close with bounds at multiples of the average true range"
    source = "definition; Wilder's average true range"
    parameters = (
        Parameter("period", 14, "bars of the average true range"),
        Parameter("width", 3.0, "average true ranges from the close to a bound", 0),
    )
    inputs = BAR
    outputs = BANDS
    step = steps.ATR_BANDS

    @classmethod
    def plan(cls, *, period: int, width: float) -> Plan:
        """Constants of `steps.atr_bands_step`."""
        return Plan(period, AVERAGE_RANGE_SIZE, (period, width))


class StandardErrorBands(CompiledIndicator):
    """End of the regression line and bounds at `width` standard errors from it, in input units.

    Line and errors (divisor period - 2) are both averaged over the last `smoothing` bars.
    """

    name = "standard_error_bands"
    summary = "Regression line with bounds at multiples of its standard error"
    source = "Andersen (1996), Stocks & Commodities 14(9)"
    parameters = (
        Parameter("period", 21, "bars of the regression", 3),
        Parameter("smoothing", 3, "bars of the averages"),
        Parameter("width", 2.0, "standard errors from the line to a bound", 0),
    )
    outputs = BANDS
    step = steps.STANDARD_ERROR_BANDS

    @classmethod
    def plan(cls, *, period: int, smoothing: int, width: float) -> Plan:
        """Constants of `steps.standard_error_step`."""
        sizes = [window_regression_size(period), window_variance_size(period)]
        starts = starts_of([*sizes, *[block_sum_size(smoothing)] * 2])
        constants = (period, smoothing, width, *starts[1:4])
        return Plan(period + smoothing - 2, starts[4], constants)


class Ichimoku(CompiledIndicator):
    """Middles of highest high and lowest low over three lengths, prices; nothing looks ahead.

    `value` is the conversion line (tenkan), `base` the base line (kijun), `span_a` their middle and
    `span_b` the middle of the longest length. Charts draw the spans `displacement` bars further
    right; here they belong to the bar they are known at, and `cloud_a` and `cloud_b` are the spans
    of `displacement` bars ago: the cloud that a chart shows at this bar. There is no lagging span:
    it is the close, drawn further left.
    """

    name = "ichimoku"
    summary = "Ichimoku lines, spans as known now and the cloud at this bar"
    source = "Hosoda (1969), Ichimoku Kinko Hyo"
    parameters = (
        Parameter("conversion", 9, "bars of the conversion line"),
        Parameter("base", 26, "bars of the base line"),
        Parameter("slow", 52, "bars of the slow span"),
        Parameter("displacement", 26, "bars from a span to its cloud"),
    )
    inputs = ("high", "low")
    outputs = ("value", "base", "span_a", "span_b", "cloud_a", "cloud_b")
    step = steps.ICHIMOKU

    @classmethod
    def plan(cls, *, conversion: int, base: int, slow: int, displacement: int) -> Plan:
        """Constants of `steps.ichimoku_step`."""
        lengths = (conversion, base, slow)
        sizes = [2 * window_extreme_size(length) for length in lengths]
        starts = starts_of([*sizes, *[delay_size(displacement)] * 2])
        constants = (*lengths, displacement, *starts[:5])
        return Plan(max(lengths) - 1 + displacement, starts[5], constants)


class Vwap(CompiledIndicator):
    """VWAP of the typical price (high + low + close) / 3, its deviation and bands, prices.

    sigma = sqrt(sum v (typical - vwap)^2 / sum v) around the VWAP of this bar, bands at vwap +-
    width * sigma. NaN while no volume has traded. A negative volume counts as none.
    """

    name = "vwap"
    summary = "Volume-weighted average price with bands, anchored or rolling"
    source = "definition on the typical price; West (1979) updates, sigma around the current VWAP"
    parameters = (
        Parameter("period", 0, "bars of a rolling window, 0 = anchored at the first", 0),
        Parameter("width", 2.0, "deviations from the VWAP to a band", 0),
    )
    inputs = ("high", "low", "close", "volume")
    outputs = ("value", "sigma", "upper", "lower")
    step = steps.VWAP

    @classmethod
    def plan(cls, *, period: int, width: float) -> Plan:
        """Constants of `steps.vwap_step`."""
        size = weighted_variance_size(period) if period else RUNNING_VARIANCE_SIZE
        return Plan(max(period - 1, 0), size, (period, width))


INDICATORS = (
    Accbands,
    AtrBands,
    Bandwidth,
    Bollinger,
    Donchian,
    Envelope,
    Ichimoku,
    Keltner,
    PercentB,
    StandardErrorBands,
    Starc,
    Vwap,
)
