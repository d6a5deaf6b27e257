"""Volatility: how far a price goes, whichever way."""

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Column, Parameter
from undertow.kernels.cells.average_range import AVERAGE_RANGE_SIZE
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.true_range import TRUE_RANGE_SIZE
from undertow.kernels.cells.window_extreme import window_extreme_size
from undertow.kernels.steps import volatility as steps


class Atr(CompiledIndicator):
    """Wilder's average of the true range, in price units; needs period + 1 closed bars."""

    name = "atr"
    summary = "Average true range, in the unit of the price"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib seeding"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.ATR

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.atr_step`."""
        return Plan(period, AVERAGE_RANGE_SIZE, (period,))


class Natr(CompiledIndicator):
    """Average true range in percent of the close, so that prices compare; 0 at a close of 0."""

    name = "natr"
    summary = "Average true range, percent of the close"
    source = "Forman (2006), Stocks and Commodities 24; TA-Lib NATR"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.NATR

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.natr_step`."""
        return Plan(period, AVERAGE_RANGE_SIZE, (period,))


class TrueRange(CompiledIndicator):
    """Range of the bar together with the gap since the close before, in price."""

    name = "trange"
    summary = "True range, in the unit of the price"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib TRANGE"
    parameters = ()
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.TRANGE

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.trange_step`."""
        return Plan(1, TRUE_RANGE_SIZE, ())


class AverageRange(CompiledIndicator):
    """Mean of high less low over `period` bars, in price; gaps between bars do not count."""

    name = "adr"
    summary = "Average range of bars, in the unit of the price"
    source = "definition; TA-Lib ADR"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
    )
    step = steps.ADR

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.adr_step`."""
        return Plan(period - 1, block_sum_size(period), (period,))


class ChaikinVolatility(CompiledIndicator):
    """Change of the averaged range over `change` bars, in percent; 0 from an average of 0."""

    name = "cvi"
    summary = "Chaikin volatility: change of the average range, percent"
    source = "Chaikin; Achelis (1995), Technical Analysis from A to Z; TA-Lib CVI"
    parameters = (
        Parameter("period", 10, "bars of the average"),
        Parameter("change", 10, "bars of the change"),
    )
    inputs = (
        "high",
        "low",
    )
    step = steps.CVI

    @classmethod
    def plan(cls, *, period: int, change: int) -> Plan:
        """Constants of `steps.cvi_step`."""
        return Plan(period + change - 1, steps.cvi_size(change), (period, change))


class RelativeVolatility(CompiledIndicator):
    """Standard deviation on rising bars in that on all bars, after Wilder's averages, 0 to 100.

    Dorsey's first form, of the close alone. 50 where nothing moved. The relative vigor index,
    also called RVI, is `rvgi`.
    """

    name = "rvi"
    summary = "Relative volatility index, 0 to 100"
    source = "Dorsey (1993), Stocks and Commodities 11; TA-Lib RVI"
    parameters = (
        Parameter("period", 14, "bars of the averages"),
        Parameter("window", 10, "bars of the deviation", least=2),
    )
    step = steps.RVI

    @classmethod
    def plan(cls, *, period: int, window: int) -> Plan:
        """Constants of `steps.rvi_step`."""
        return Plan(period + window - 2, steps.relative_volatility_size(window), (period, window))


class Inertia(CompiledIndicator):
    """End of the least-squares line through the last `line` values of `rvi`, 0 to 100.

    Above 50 the volatility lies on the rising side.
    """

    name = "inertia"
    summary = "Inertia: relative volatility index on a line, 0 to 100"
    source = "Dorsey (1995), Stocks and Commodities 13"
    parameters = (
        Parameter("period", 14, "bars of the averages"),
        Parameter("window", 10, "bars of the deviation", least=2),
        Parameter("line", 20, "bars of the line", least=2),
    )
    step = steps.INERTIA

    @classmethod
    def plan(cls, *, period: int, window: int, line: int) -> Plan:
        """Constants of `steps.inertia_step`."""
        return Plan(
            period + window + line - 3, steps.inertia_size(window, line), (period, window, line)
        )


class CloseToClose(CompiledIndicator):
    """Sample standard deviation (divisor n - 1) of log returns.

    As a share of the price (0.01 is 1 percent) per square root of `periods` bars. A bar with
    a price that is not positive is left out.
    """

    name = "historical_volatility"
    summary = "Historical volatility of closes"
    source = "definition, around the mean of the window"
    parameters = (
        Parameter("period", 20, "bars", least=2),
        Parameter("periods", 1.0, "bars per year; 1 leaves it per bar", least=1e-9),
    )
    inputs = ("close",)
    step = steps.CLOSE_TO_CLOSE

    @classmethod
    def plan(cls, *, period: int, periods: float) -> Plan:
        """Constants of `steps.close_to_close_step`."""
        return Plan(period, steps.close_to_close_size(period), (period, periods))


class Parkinson(CompiledIndicator):
    """Deviation from highs and lows: root of the mean square of log(high / low) over 4 log 2.

    As a share of the price (0.01 is 1 percent) per square root of `periods` bars. A bar with
    a price that is not positive is left out.
    """

    name = "parkinson"
    summary = "Parkinson volatility of highs and lows"
    source = "Parkinson (1980), Journal of Business 53"
    parameters = (
        Parameter("period", 20, "bars", least=2),
        Parameter("periods", 1.0, "bars per year; 1 leaves it per bar", least=1e-9),
    )
    inputs = (
        "high",
        "low",
    )
    step = steps.PARKINSON

    @classmethod
    def plan(cls, *, period: int, periods: float) -> Plan:
        """Constants of `steps.parkinson_step`."""
        return Plan(period - 1, block_sum_size(period), (period, periods))


class GarmanKlass(CompiledIndicator):
    """Deviation from all four prices: 0.5 log(H/L)^2 - (2 log 2 - 1) log(C/O)^2, no drift, no
    gaps.

    As a share of the price (0.01 is 1 percent) per square root of `periods` bars. A bar with
    a price that is not positive is left out.
    """

    name = "garman_klass"
    summary = "Garman-Klass volatility"
    source = "Garman and Klass (1980), Journal of Business 53"
    parameters = (
        Parameter("period", 20, "bars", least=2),
        Parameter("periods", 1.0, "bars per year; 1 leaves it per bar", least=1e-9),
    )
    inputs = (
        "open",
        "high",
        "low",
        "close",
    )
    step = steps.GARMAN_KLASS

    @classmethod
    def plan(cls, *, period: int, periods: float) -> Plan:
        """Constants of `steps.garman_klass_step`."""
        return Plan(period - 1, block_sum_size(period), (period, periods))


class RogersSatchell(CompiledIndicator):
    """Deviation from all four prices that a drift does not change: log(H/C) log(H/O) + log(L/C)
    log(L/O).

    As a share of the price (0.01 is 1 percent) per square root of `periods` bars. A bar with
    a price that is not positive is left out.
    """

    name = "rogers_satchell"
    summary = "Rogers-Satchell volatility, free of drift"
    source = "Rogers and Satchell (1991), Annals of Applied Probability 1"
    parameters = (
        Parameter("period", 20, "bars", least=2),
        Parameter("periods", 1.0, "bars per year; 1 leaves it per bar", least=1e-9),
    )
    inputs = (
        "open",
        "high",
        "low",
        "close",
    )
    step = steps.ROGERS_SATCHELL

    @classmethod
    def plan(cls, *, period: int, periods: float) -> Plan:
        """Constants of `steps.rogers_satchell_step`."""
        return Plan(period - 1, block_sum_size(period), (period, periods))


class YangZhang(CompiledIndicator):
    """Deviation from gaps, bodies and Rogers-Satchell: neither drift nor gaps change it.

    As a share of the price (0.01 is 1 percent) per square root of `periods` bars. A bar with
    a price that is not positive is left out.
    """

    name = "yang_zhang"
    summary = "Yang-Zhang volatility, with gaps and free of drift"
    source = "Yang and Zhang (2000), Journal of Business 73"
    parameters = (
        Parameter("period", 20, "bars", least=2),
        Parameter("periods", 1.0, "bars per year; 1 leaves it per bar", least=1e-9),
    )
    inputs = (
        "open",
        "high",
        "low",
        "close",
    )
    step = steps.YANG_ZHANG

    @classmethod
    def plan(cls, *, period: int, periods: float) -> Plan:
        """Constants of `steps.yang_zhang_step`."""
        return Plan(period, steps.yang_zhang_size(period), (period, periods))


class Ulcer(CompiledIndicator):
    """Root of the mean square of falls from the highest of the last `period` values, in percent."""

    name = "ulcer"
    summary = "Ulcer index: depth of drawdowns, percent"
    source = "Martin and McCann (1989), The Investor's Guide to Fidelity Funds"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.ULCER

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.ulcer_step`."""
        return Plan(2 * period - 2, steps.ulcer_size(period), (period,))


class VolatilityPercentile(CompiledIndicator):
    """Share of the `window` volatilities before that were smaller than this one, 0 to 100.

    The volatility (`volatility`) is `historical_volatility` with the same parameters. It
    stands in for an implied volatility index where none is listed: above 80 the market is
    nervous by its own measure.
    """

    name = "volatility_percentile"
    summary = "Rank of the realised volatility among its own past, percent"
    source = "definition: percentile rank among the values before"
    parameters = (
        Parameter("period", 20, "bars of the volatility", least=2),
        Parameter("window", 100, "volatilities to rank among"),
        Parameter("periods", 1.0, "bars per year; 1 leaves it per bar", least=1e-9),
    )
    inputs = ("close",)
    outputs = (
        "value",
        "volatility",
    )
    step = steps.PERCENTILE

    @classmethod
    def plan(cls, *, period: int, window: int, periods: float) -> Plan:
        """Constants of `steps.percentile_step`."""
        return Plan(
            period + window, steps.percentile_size(period, window), (period, window, periods)
        )


class VixFix(CompiledIndicator):
    """Fall of the low from the highest close of the last `period` bars, in percent."""

    name = "vix_fix"
    summary = "Williams VIX fix: fall from the highest close, percent"
    source = "Williams (2007), The VIX Fix"
    parameters = (Parameter("period", 22, "bars"),)
    inputs = (
        "low",
        "close",
    )
    step = steps.VIX_FIX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.vix_fix_step`."""
        return Plan(period - 1, window_extreme_size(period), (period,))


INDICATORS = (
    Atr,
    Natr,
    TrueRange,
    AverageRange,
    ChaikinVolatility,
    RelativeVolatility,
    Inertia,
    CloseToClose,
    Parkinson,
    GarmanKlass,
    RogersSatchell,
    YangZhang,
    Ulcer,
    VolatilityPercentile,
    VixFix,
)


def atr(high: Column, low: Column, close: Column, period: int = 14) -> Column:
    """`Atr` over whole columns; NaN for the first `period` bars."""
    return Atr(period).batch(high, low, close)["value"]
