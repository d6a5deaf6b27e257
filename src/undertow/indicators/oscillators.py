"""Oscillators made of differences between averages."""

from undertow.indicators.average_kinds import (
    EXPONENTIAL,
    checked_kind,
    checked_pair,
    kind_parameter,
)
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.average_kinds import average_of_kind_size
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.delay import delay_size
from undertow.kernels.steps import oscillators as steps


class Macd(CompiledIndicator):
    """Fast less slow average, its own average (`signal`) and the difference of these two.

    In the unit of the input. `fixed` = 1 takes the weights 0.15 and 0.075 of the original
    12/26 in place of 2 / (period + 1), as TA-Lib's MACDFIX; other kinds of average make TA-
    Lib's MACDEXT.
    """

    name = "macd"
    summary = "Moving average convergence and divergence, in the unit of the input"
    source = "Appel (1979); TA-Lib MACD, MACDFIX, MACDEXT"
    parameters = (
        Parameter("fast", 12, "bars"),
        Parameter("slow", 26, "bars"),
        Parameter("signal", 9, "bars of the signal"),
        Parameter("fixed", 0, "1: weights 0.15 and 0.075", least=0, most=1),
        kind_parameter("kind", EXPONENTIAL),
        kind_parameter("signal_kind", EXPONENTIAL),
    )
    outputs = (
        "value",
        "signal",
        "histogram",
    )
    step = steps.MACD

    @classmethod
    def plan(
        cls, *, fast: int, slow: int, signal: int, fixed: int, kind: int, signal_kind: int
    ) -> Plan:
        """Constants of `steps.macd_step`."""
        checked_pair(cls.name, fast, slow)
        checked_kind(cls.name, kind)
        checked_kind(cls.name, signal_kind)
        weights = (0.15, 0.075) if fixed else (2.0 / (fast + 1.0), 2.0 / (slow + 1.0))
        shares = (*weights, 2.0 / (signal + 1.0))
        return Plan(
            slow + signal - 2,
            steps.macd_size(fast, slow, signal),
            (fast, slow, signal, *shares, kind, signal_kind),
        )


class Apo(CompiledIndicator):
    """Fast less slow average, in the unit of the input.

    Unlike `macd` both averages start with the first value, as in TA-Lib.
    """

    name = "apo"
    summary = "Absolute price oscillator, in the unit of the input"
    source = "definition; TA-Lib APO"
    parameters = (
        Parameter("fast", 12, "bars"),
        Parameter("slow", 26, "bars"),
        kind_parameter("kind", EXPONENTIAL),
    )
    step = steps.APO

    @classmethod
    def plan(cls, *, fast: int, slow: int, kind: int) -> Plan:
        """Constants of `steps.apo_step`."""
        checked_pair(cls.name, fast, slow)
        checked_kind(cls.name, kind)
        return Plan(
            slow - 1, average_of_kind_size(slow) + average_of_kind_size(fast), (fast, slow, kind)
        )


class Ppo(CompiledIndicator):
    """Fast less slow average in percent of the slow one, so that prices compare; 0 at an average
    of 0.
    """

    name = "ppo"
    summary = "Percentage price oscillator"
    source = "definition; TA-Lib PPO"
    parameters = (
        Parameter("fast", 12, "bars"),
        Parameter("slow", 26, "bars"),
        kind_parameter("kind", EXPONENTIAL),
    )
    step = steps.PPO

    @classmethod
    def plan(cls, *, fast: int, slow: int, kind: int) -> Plan:
        """Constants of `steps.ppo_step`."""
        checked_pair(cls.name, fast, slow)
        checked_kind(cls.name, kind)
        return Plan(
            slow - 1, average_of_kind_size(slow) + average_of_kind_size(fast), (fast, slow, kind)
        )


class Pvo(Ppo):
    """`ppo` of the volume, in percent."""

    name = "pvo"
    summary = "Percentage volume oscillator"
    source = "definition; TA-Lib PVO"
    inputs = ("volume",)


class Ao(CompiledIndicator):
    """Mean of the last `fast` midpoints (high + low) / 2 less that of the last `slow`, in price."""

    name = "ao"
    summary = "Awesome oscillator, in price"
    source = "Williams (1998), New Trading Dimensions; TA-Lib AO"
    parameters = (
        Parameter("fast", 5, "bars"),
        Parameter("slow", 34, "bars"),
    )
    inputs = (
        "high",
        "low",
    )
    step = steps.AO

    @classmethod
    def plan(cls, *, fast: int, slow: int) -> Plan:
        """Constants of `steps.ao_step`."""
        checked_pair(cls.name, fast, slow)
        return Plan(slow - 1, block_sum_size(slow) + block_sum_size(fast), (fast, slow))


class Ac(CompiledIndicator):
    """`ao` less its own mean of the last `signal` values, in price: whether the drive grows."""

    name = "ac"
    summary = "Accelerator oscillator, in price"
    source = "Williams (1998), New Trading Dimensions; TA-Lib AC"
    parameters = (
        Parameter("fast", 5, "bars"),
        Parameter("slow", 34, "bars"),
        Parameter("signal", 5, "bars"),
    )
    inputs = (
        "high",
        "low",
    )
    step = steps.AC

    @classmethod
    def plan(cls, *, fast: int, slow: int, signal: int) -> Plan:
        """Constants of `steps.ac_step`."""
        checked_pair(cls.name, fast, slow)
        return Plan(
            slow + signal - 2, sum(map(block_sum_size, (slow, fast, signal))), (fast, slow, signal)
        )


class Qstick(CompiledIndicator):
    """Mean of close less open over the last `period` bars, in price."""

    name = "qstick"
    summary = "Qstick: mean body, in price"
    source = "Chande and Kroll (1994), The New Technical Trader; TA-Lib QSTICK"
    parameters = (Parameter("period", 10, "bars"),)
    inputs = (
        "open",
        "close",
    )
    step = steps.QSTICK

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.qstick_step`."""
        return Plan(period - 1, block_sum_size(period), (period,))


class Tsi(CompiledIndicator):
    """100 * change over its size, each smoothed twice by exponential averages, -100 to 100.

    0 where nothing moved.
    """

    name = "tsi"
    summary = "True strength index, -100 to 100"
    source = "Blau (1991), Stocks and Commodities 9; TA-Lib TSI"
    parameters = (
        Parameter("first", 25, "bars of the first average"),
        Parameter("second", 13, "bars of the second"),
    )
    step = steps.TSI

    @classmethod
    def plan(cls, *, first: int, second: int) -> Plan:
        """Constants of `steps.tsi_step`."""
        return Plan(first + second - 1, steps.TSI_SIZE, (first, second))


class Trix(CompiledIndicator):
    """Change of a triple exponential average from bar to bar, in percent."""

    name = "trix"
    summary = "TRIX: change of a triple average, percent"
    source = "Hutson (1983), Stocks and Commodities 1; TA-Lib TRIX"
    parameters = (Parameter("period", 30, "bars"),)
    step = steps.TRIX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.trix_step`."""
        return Plan(3 * (period - 1) + 1, steps.TRIX_SIZE, (period,))


class Coppock(CompiledIndicator):
    """Weighted average of the sum of two rates of change, in percent."""

    name = "coppock"
    summary = "Coppock curve, percent"
    source = "Coppock (1962), Barron's; TA-Lib COPPOCK"
    parameters = (
        Parameter("period", 10, "bars of the average"),
        Parameter("first", 11, "bars of a change"),
        Parameter("second", 14, "bars of the other"),
    )
    step = steps.COPPOCK

    @classmethod
    def plan(cls, *, period: int, first: int, second: int) -> Plan:
        """Constants of `steps.coppock_step`."""
        return Plan(
            max(first, second) + period - 1,
            steps.coppock_size(period, first, second),
            (period, first, second),
        )


class Kst(CompiledIndicator):
    """Four smoothed rates of change weighted 1 to 4, in percent, and the mean of that
    (`signal`).
    """

    name = "kst"
    summary = "Know sure thing: four smoothed changes, percent"
    source = "Pring (1992), Stocks and Commodities 10"
    parameters = (
        Parameter("change_1", 10, "bars of a change"),
        Parameter("change_2", 15, "bars of a change"),
        Parameter("change_3", 20, "bars of a change"),
        Parameter("change_4", 30, "bars of a change"),
        Parameter("mean_1", 10, "bars of its mean"),
        Parameter("mean_2", 10, "bars of its mean"),
        Parameter("mean_3", 10, "bars of its mean"),
        Parameter("mean_4", 15, "bars of its mean"),
        Parameter("signal", 9, "bars of the signal"),
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.KST

    @classmethod
    def plan(cls, **n: int) -> Plan:
        """Constants of `steps.kst_step`."""
        *pairs, signal = n.values()
        changes, means = pairs[:4], pairs[4:]
        longest = max(map(sum, zip(changes, means, strict=True)))
        size = sum(map(delay_size, changes)) + sum(map(block_sum_size, (*means, signal)))
        return Plan(longest + signal - 2, size, tuple(n.values()))


class ElderRay(CompiledIndicator):
    """High and low less the exponential average of the close, in price.

    The first is the power of the bulls, `bear_power` that of the bears.
    """

    name = "eri"
    summary = "Elder ray: bull and bear power, in price"
    source = "Elder (1993), Trading for a Living; TA-Lib ERI"
    parameters = (Parameter("period", 13, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "bear_power",
    )
    step = steps.ELDER_RAY

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.elder_ray_step`."""
        return Plan(period - 1, AVERAGE_SIZE, (period,))


class PrettyGood(CompiledIndicator):
    """Distance of the close from its mean in average true ranges, without a unit.

    The range is an exponential average; NaN where there was none.
    """

    name = "pgo"
    summary = "Pretty good oscillator: distance from the mean in true ranges"
    source = "Johnson, after Kaufman, Trading Systems and Methods"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.PRETTY_GOOD

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.pretty_good_step`."""
        return Plan(period, steps.pretty_good_size(period), (period,))


class Squeeze(CompiledIndicator):
    """Momentum in price, and whether the market is in a squeeze (`is_on` 1, else 0).

    A squeeze: `deviations` of the close are less than `ranges` mean true ranges, so the
    Bollinger bands lie within the Keltner channel. Momentum: end of the least-squares line
    through the close less the mean of the channel's midpoint and of the average.
    """

    name = "squeeze"
    summary = "Squeeze: narrow bands, and momentum in price"
    source = "Carter (2005), Mastering the Trade; simple averages throughout"
    parameters = (
        Parameter("period", 20, "bars", least=2),
        Parameter("deviations", 2.0, "standard deviations of the bands", least=0),
        Parameter("ranges", 1.5, "true ranges of the channel", least=0),
    )
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "is_on",
    )
    step = steps.SQUEEZE

    @classmethod
    def plan(cls, *, period: int, deviations: float, ranges: float) -> Plan:
        """Constants of `steps.squeeze_step`."""
        return Plan(2 * period - 2, steps.squeeze_size(period), (period, deviations, ranges))


class Vigor(CompiledIndicator):
    """Mean body over mean range, both weighted 1, 2, 2, 1, and its signal, about -1 to 1.

    Called RVI by its author; `rvi` here is the relative volatility index, as in TA-Lib. 0
    where there was no range.
    """

    name = "rvgi"
    summary = "Relative vigor index, about -1 to 1"
    source = "Ehlers (2002), Stocks and Commodities 20"
    parameters = (Parameter("period", 10, "bars"),)
    inputs = (
        "open",
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.VIGOR

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.vigor_step`."""
        return Plan(period + 5, steps.vigor_size(period), (period,))


class WaveTrend(CompiledIndicator):
    """Average of the distance from an average in mean distances over 0.015, and its mean.

    Without a unit; above 60 is called overbought, below -60 oversold.
    """

    name = "wavetrend"
    summary = "WaveTrend oscillator, and its signal"
    source = "LazyBear's form of 2014 of an older channel index"
    parameters = (
        Parameter("channel", 10, "bars of the channel"),
        Parameter("average", 21, "bars of the average"),
        Parameter("signal", 4, "bars of the signal"),
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
    step = steps.WAVETREND

    @classmethod
    def plan(cls, *, channel: int, average: int, signal: int) -> Plan:
        """Constants of `steps.wavetrend_step`."""
        return Plan(
            2 * (channel - 1) + average + signal - 2,
            3 * AVERAGE_SIZE + block_sum_size(signal),
            (channel, average, signal),
        )


INDICATORS = (
    Macd,
    Apo,
    Ppo,
    Pvo,
    Ao,
    Ac,
    Qstick,
    Tsi,
    Trix,
    Coppock,
    Kst,
    ElderRay,
    PrettyGood,
    Squeeze,
    Vigor,
    WaveTrend,
)
