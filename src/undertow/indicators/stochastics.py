"""Stochastics: where a price stands within what it has done lately."""

from undertow.indicators.average_kinds import (
    SIMPLE,
    WILDER,
    checked_kind,
    checked_pair,
    kind_parameter,
)
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.mean_deviation import mean_deviation_size
from undertow.kernels.cells.window_extreme import window_extreme_size
from undertow.kernels.steps import stochastics as steps


class Stoch(CompiledIndicator):
    """Place of the close between lowest low and highest high, smoothed (%K), and its average.

    In percent; `signal` is %D. With `smooth` = 1 it is TA-Lib's STOCHF. 0 where there was no
    range.
    """

    name = "stoch"
    summary = "Stochastic %K and %D, 0 to 100"
    source = "Lane (1984), Stocks and Commodities 2; TA-Lib STOCH, STOCHF"
    parameters = (
        Parameter("period", 5, "bars of the range"),
        Parameter("smooth", 3, "bars of %K"),
        Parameter("signal", 3, "bars of %D"),
        kind_parameter("smooth_kind", SIMPLE),
        kind_parameter("signal_kind", SIMPLE),
    )
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.STOCH

    @classmethod
    def plan(
        cls, *, period: int, smooth: int, signal: int, smooth_kind: int, signal_kind: int
    ) -> Plan:
        """Constants of `steps.stoch_step`."""
        checked_kind(cls.name, smooth_kind)
        checked_kind(cls.name, signal_kind)
        return Plan(
            period + smooth + signal - 3,
            steps.stoch_size(period, smooth, signal),
            (period, smooth, smooth_kind, signal, signal_kind),
        )


class Kdj(CompiledIndicator):
    """As `stoch` with Wilder's averages, and 3 %K - 2 %D (`j`), which can leave 0 to 100."""

    name = "kdj"
    summary = "KDJ: stochastic with 3 K - 2 D"
    source = "Chinese practice; TA-Lib KDJ"
    parameters = (
        Parameter("period", 9, "bars of the range"),
        Parameter("smooth", 3, "bars of %K"),
        Parameter("signal", 3, "bars of %D"),
        kind_parameter("smooth_kind", WILDER),
        kind_parameter("signal_kind", WILDER),
    )
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "signal",
        "j",
    )
    step = steps.KDJ

    @classmethod
    def plan(
        cls, *, period: int, smooth: int, signal: int, smooth_kind: int, signal_kind: int
    ) -> Plan:
        """Constants of `steps.kdj_step`."""
        checked_kind(cls.name, smooth_kind)
        checked_kind(cls.name, signal_kind)
        return Plan(
            period + smooth + signal - 3,
            steps.stoch_size(period, smooth, signal),
            (period, smooth, smooth_kind, signal, signal_kind),
        )


class StochRsi(CompiledIndicator):
    """Place of the RSI between its own lowest and highest, smoothed, and its average.

    In percent. The usual setting is 14, 14, 3, 3; TA-Lib's STOCHRSI does not smooth (`smooth`
    1) and has flat = 0. 0 where the RSI did not move by more than 1e-9.
    """

    name = "stochrsi"
    summary = "Stochastic RSI %K and %D, 0 to 100"
    source = "Chande and Kroll (1994), The New Technical Trader; TA-Lib STOCHRSI"
    parameters = (
        Parameter("period", 14, "bars of the RSI"),
        Parameter("window", 14, "bars of its range"),
        Parameter("smooth", 3, "bars of %K"),
        Parameter("signal", 3, "bars of %D"),
        Parameter("flat", 50.0, "RSI where nothing moved", least=0, most=100),
        kind_parameter("smooth_kind", SIMPLE),
        kind_parameter("signal_kind", SIMPLE),
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.STOCHRSI

    @classmethod
    def plan(
        cls,
        *,
        period: int,
        window: int,
        smooth: int,
        signal: int,
        flat: float,
        smooth_kind: int,
        signal_kind: int,
    ) -> Plan:
        """Constants of `steps.stochrsi_step`."""
        checked_kind(cls.name, smooth_kind)
        checked_kind(cls.name, signal_kind)
        return Plan(
            period + window + smooth + signal - 3,
            steps.stochrsi_size(window, smooth, signal),
            (window, smooth, smooth_kind, signal, signal_kind, period, flat),
        )


class Smi(CompiledIndicator):
    """Distance of the close from the middle of its range over half that range, both smoothed
    twice.

    In percent, -100 to 100, and its exponential average (`signal`). 0 where there was no
    range.
    """

    name = "smi"
    summary = "Stochastic momentum index, -100 to 100"
    source = "Blau (1993), Stocks and Commodities 11; TA-Lib SMI"
    parameters = (
        Parameter("period", 13, "bars of the range"),
        Parameter("fast", 2, "bars of the second average"),
        Parameter("slow", 25, "bars of the first average"),
        Parameter("signal", 9, "bars of the signal"),
    )
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.SMI

    @classmethod
    def plan(cls, *, period: int, fast: int, slow: int, signal: int) -> Plan:
        """Constants of `steps.smi_step`."""
        return Plan(
            period + slow + fast + signal - 4, steps.smi_size(period), (period, slow, fast, signal)
        )


class WilliamsR(CompiledIndicator):
    """Distance of the close from the highest high over the range, in percent, -100 to 0.

    0 where there was no range, as in TA-Lib.
    """

    name = "willr"
    summary = "Williams %R, -100 to 0"
    source = "Williams (1979), How I Made One Million Dollars; TA-Lib WILLR"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.WILLIAMS

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.williams_step`."""
        return Plan(period - 1, 2 * window_extreme_size(period), (period,))


class Cci(CompiledIndicator):
    """Distance of the typical price from its mean, in mean deviations over 0.015.

    Without a unit; three values in four lie within +-100. 0 where nothing deviated.
    """

    name = "cci"
    summary = "Commodity channel index"
    source = "Lambert (1980), Commodities 9; TA-Lib CCI"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.CCI

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.cci_step`."""
        return Plan(period - 1, mean_deviation_size(period), (period,))


class Ultimate(CompiledIndicator):
    """Buying pressure over true range in three windows, weighted 4, 2, 1, 0 to 100.

    A window without range counts as 0, as in TA-Lib.
    """

    name = "ultosc"
    summary = "Ultimate oscillator, 0 to 100"
    source = "Williams (1985), Stocks and Commodities 3; TA-Lib ULTOSC"
    parameters = (
        Parameter("first", 7, "bars"),
        Parameter("second", 14, "bars"),
        Parameter("third", 28, "bars"),
    )
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.ULTIMATE

    @classmethod
    def plan(cls, *, first: int, second: int, third: int) -> Plan:
        """Constants of `steps.ultimate_step`."""
        periods = (first, second, third)
        return Plan(max(periods), steps.ultimate_size(periods), periods)


class Fisher(CompiledIndicator):
    """Fisher transform of the midpoint's smoothed place in its range, and the value before.

    Without a unit; it stretches the ends so that turns stand out. Where there is no range the
    place counts as the middle.
    """

    name = "fisher"
    summary = "Fisher transform of the price's place, and its signal"
    source = "Ehlers (2002), Stocks and Commodities 20; weights 0.66 and 0.67"
    parameters = (Parameter("period", 9, "bars of the range"),)
    inputs = (
        "high",
        "low",
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.FISHER

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.fisher_step`."""
        return Plan(period, steps.fisher_size(period), (period,))


class SchaffTrendCycle(CompiledIndicator):
    """Stochastic of the stochastic of MACD, each smoothed by `share`, 0 to 100.

    A flat window repeats the place before it.
    """

    name = "stc"
    summary = "Schaff trend cycle, 0 to 100"
    source = "Schaff (1999); a stochastic of a stochastic of MACD(23, 50)"
    parameters = (
        Parameter("fast", 23, "bars"),
        Parameter("slow", 50, "bars"),
        Parameter("cycle", 10, "bars of the range"),
        Parameter("share", 0.5, "weight of the newest place", least=0, most=1),
    )
    step = steps.SCHAFF

    @classmethod
    def plan(cls, *, fast: int, slow: int, cycle: int, share: float) -> Plan:
        """Constants of `steps.schaff_step`."""
        checked_pair(cls.name, fast, slow)
        return Plan(slow + 2 * cycle - 3, steps.schaff_size(cycle), (fast, slow, cycle, share))


INDICATORS = (
    Stoch,
    Kdj,
    StochRsi,
    Smi,
    WilliamsR,
    Cci,
    Ultimate,
    Fisher,
    SchaffTrendCycle,
)
