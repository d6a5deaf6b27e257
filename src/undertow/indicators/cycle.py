"""Cycles: period, phase and trend of the dominant one, and Ehlers's filters."""

from math import cos, pi, sin
from typing import ClassVar

from undertow.domain.errors import ConfigurationError
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.two_pole import pass_share, smoother_shares
from undertow.kernels.step import Step
from undertow.kernels.steps import cycle as steps

_ROCKET = "Ehlers (2001), Rocket Science for Traders; TA-Lib's numbers and start"
_CYBERNETIC = "Ehlers (2004), Cybernetic Analysis for Stocks and Futures"
_ANALYTICS = "Ehlers (2013), Cycle Analytics for Traders"


class _Hilbert(CompiledIndicator):
    # What needs only the period is told from bar 32 on, what needs the phase from bar 63 on.
    source = _ROCKET
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    silent: ClassVar[int] = 63
    start: ClassVar[int] = 37
    size: ClassVar[int]
    step: ClassVar[Step]

    @classmethod
    def plan(cls) -> Plan:
        """How long it is silent, and when the transformer starts."""
        return Plan(cls.silent, cls.size, (cls.silent, cls.start))


class DominantCyclePeriod(_Hilbert):
    """Period of the dominant cycle in bars, 6 to 50; of a price that never moves it is arbitrary.

    Equal to TA-Lib's HT_DCPERIOD.
    """

    name = "dominant_cycle_period"
    summary = "Period of the dominant cycle in bars, 6 to 50"
    silent = 32
    start = 12
    size = steps.CYCLE_STEP_SIZE
    step = steps.PERIOD


class HilbertPhasor(_Hilbert):
    """The cycle's in-phase part and the part a quarter behind it, in the unit of the input.

    Equal to TA-Lib's HT_PHASOR.
    """

    name = "hilbert_phasor"
    summary = "In-phase and quadrature part of the dominant cycle"
    outputs = ("value", "quadrature")
    silent = 32
    start = 12
    size = steps.CYCLE_STEP_SIZE
    step = steps.PHASOR


class DominantCyclePhase(_Hilbert):
    """Where in its cycle the price is, -45 to 315 degrees; NaN while it does not move at all.

    Equal to TA-Lib's HT_DCPHASE.
    """

    name = "dominant_cycle_phase"
    summary = "Phase of the dominant cycle, -45 to 315 degrees"
    size = steps.PHASE_STEP_SIZE
    step = steps.PHASE


class HilbertSine(_Hilbert):
    """Sine of the phase and of the phase 45 degrees on: they cross ahead of a cycle's turns.

    Equal to TA-Lib's HT_SINE.
    """

    name = "hilbert_sine"
    summary = "Sine of the dominant cycle's phase, and its lead by 45 degrees"
    outputs = ("value", "lead")
    size = steps.PHASE_STEP_SIZE
    step = steps.SINE


class HilbertTrendline(_Hilbert):
    """Mean price over one dominant cycle, smoothed over four bars.

    Equal to TA-Lib's HT_TRENDLINE.
    """

    name = "hilbert_trendline"
    summary = "Mean price over one dominant cycle, smoothed"
    size = steps.TRENDLINE_STEP_SIZE
    step = steps.TRENDLINE


class TrendMode(_Hilbert):
    """1 in a trend, 0 in a cycle: by crossings of sine and lead, pace of the phase, and distance
    from the trendline. NaN while the price does not move at all.

    Equal to TA-Lib's HT_TRENDMODE.
    """

    name = "trend_mode"
    summary = "Whether the market trends (1) or cycles (0)"
    size = steps.TREND_MODE_SIZE
    step = steps.TREND_MODE


class Mama(CompiledIndicator):
    """An average that follows quickly while the phase turns fast: MESA adaptive moving average.

    `follower` is the slower one (FAMA) that it crosses. Both start at zero and are silent until
    they have caught up. Equal to TA-Lib's MAMA.
    """

    name = "mama"
    summary = "MESA adaptive moving average, with its follower"
    source = _ROCKET
    parameters = (
        Parameter("fast", 0.5, "largest share of the new value", 0.01, 0.99),
        Parameter("slow", 0.05, "smallest share of the new value", 0.01, 0.99),
    )
    outputs = ("value", "follower")
    step = steps.MAMA

    @classmethod
    def plan(cls, *, fast: float, slow: float) -> Plan:
        """Constants of `steps.mama_step`."""
        if slow > fast:
            raise ConfigurationError(f"expected mama slow of at most fast {fast}, found {slow}")
        return Plan(32, steps.MAMA_SIZE, (32, 12, fast, slow))


class SuperSmoother(CompiledIndicator):
    """What is slower than `period` bars, with less lag than an average; seeded with the first."""

    name = "super_smoother"
    summary = "Two-pole low pass: what is slower than the period"
    source = f"{_ANALYTICS}, chapter 3"
    parameters = (Parameter("period", 10, "bars", 2),)
    step = steps.SUPER_SMOOTHER

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.super_smoother_step`."""
        shares = smoother_shares(period)
        return Plan(period - 1, steps.SUPER_SMOOTHER_STEP_SIZE, (period - 1, *shares))


class RoofingFilter(CompiledIndicator):
    """What is faster than `slow` bars and slower than `fast`: an oscillator around zero."""

    name = "roofing_filter"
    summary = "Band between two periods: high pass, then super smoother"
    source = f"{_ANALYTICS}, chapter 7"
    parameters = (Parameter("slow", 48, "bars", 5), Parameter("fast", 10, "bars", 2))
    step = steps.ROOFING

    @classmethod
    def plan(cls, *, slow: int, fast: int) -> Plan:
        """Constants of `steps.roofing_step`."""
        constants = (slow - 1, pass_share(slow, 2), *smoother_shares(fast))
        return Plan(slow - 1, steps.ROOFING_SIZE, constants)


class Decycler(CompiledIndicator):
    """The price without cycles shorter than `period`: almost no lag in a trend."""

    name = "decycler"
    summary = "The price without the cycles shorter than the period"
    source = f"{_ANALYTICS}, chapter 4"
    parameters = (Parameter("period", 60, "bars", 5),)
    step = steps.DECYCLER

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.decycler_step`."""
        return Plan(period - 1, steps.DECYCLER_SIZE, (period - 1, pass_share(period, 1)))


class DecyclerOscillator(CompiledIndicator):
    """High pass of the slower period less that of the faster: above zero in a rise."""

    name = "decycler_oscillator"
    summary = "Difference of two high passes: above zero in a rise"
    source = f"{_ANALYTICS}, chapter 4"
    parameters = (Parameter("slow", 60, "bars", 5), Parameter("fast", 30, "bars", 5))
    step = steps.DECYCLER_OSCILLATOR

    @classmethod
    def plan(cls, *, slow: int, fast: int) -> Plan:
        """Constants of `steps.decycler_oscillator_step`."""
        constants = (slow - 1, pass_share(slow, 2), pass_share(fast, 2))
        return Plan(slow - 1, steps.DECYCLER_OSCILLATOR_SIZE, constants)


class CyberCycle(CompiledIndicator):
    """The cycle part of the price, and what it was one bar ago as a trigger."""

    name = "cyber_cycle"
    summary = "Cycle part of the price, with its trigger a bar behind"
    source = f"{_CYBERNETIC}, chapter 4"
    parameters = (Parameter("alpha", 0.07, "share, 0 to 1", 0.001, 1.0),)
    outputs = ("value", "trigger")
    step = steps.CYBER_CYCLE

    @classmethod
    def plan(cls, *, alpha: float) -> Plan:
        """Constants of `steps.cyber_cycle_step`."""
        return Plan(6, steps.CYBER_CYCLE_SIZE, (6, alpha))


class InstantaneousTrendline(CompiledIndicator):
    """A trendline of hardly any lag, and a trigger: twice it less what it was two bars ago."""

    name = "instantaneous_trendline"
    summary = "Trendline of hardly any lag, with its trigger"
    source = f"{_CYBERNETIC}, chapter 3"
    parameters = (Parameter("alpha", 0.07, "share, 0 to 1", 0.001, 1.0),)
    outputs = ("value", "trigger")
    step = steps.INSTANTANEOUS_TRENDLINE

    @classmethod
    def plan(cls, *, alpha: float) -> Plan:
        """Constants of `steps.instantaneous_trendline_step`."""
        return Plan(6, steps.TREND_FILTER_SIZE, (6, alpha))


class LaguerreFilter(CompiledIndicator):
    """Four all-passes in a row, weighted 1 : 2 : 2 : 1; more `gamma` smooths more."""

    name = "laguerre_filter"
    summary = "Low pass of four Laguerre elements"
    source = f"{_CYBERNETIC}, chapter 14; elements start at the first value"
    parameters = (Parameter("gamma", 0.8, "share, 0 to 1", 0.0, 1.0),)
    step = steps.LAGUERRE_FILTER

    @classmethod
    def plan(cls, *, gamma: float) -> Plan:
        """Constants of `steps.laguerre_filter_step`."""
        return Plan(3, steps.LAGUERRE_SIZE, (3, gamma))


class LaguerreRsi(CompiledIndicator):
    """Relative strength among the four Laguerre elements, 0 to 1; NaN while they are all equal."""

    name = "laguerre_rsi"
    summary = "Relative strength of four Laguerre elements, 0 to 1"
    source = f"{_CYBERNETIC}, chapter 14; elements start at the first value"
    parameters = (Parameter("gamma", 0.5, "share, 0 to 1", 0.0, 1.0),)
    step = steps.LAGUERRE_RSI

    @classmethod
    def plan(cls, *, gamma: float) -> Plan:
        """Constants of `steps.laguerre_rsi_step`."""
        return Plan(3, steps.LAGUERRE_SIZE, (3, gamma))


class EvenBetterSinewave(CompiledIndicator):
    """Near 1 in a rise and -1 in a fall, a sine in a cycle; NaN while nothing moves."""

    name = "even_better_sinewave"
    summary = "Band-passed price over its power: near 1 in a rise, -1 in a fall"
    source = f"{_ANALYTICS}, chapter 12"
    parameters = (
        Parameter("duration", 40, "bars of the longest swing", 5),
        Parameter("smoothing", 10, "bars", 2),
    )
    step = steps.EVEN_BETTER_SINEWAVE

    @classmethod
    def plan(cls, *, duration: int, smoothing: int) -> Plan:
        """Constants of `steps.even_better_sinewave_step`."""
        angle = 2.0 * pi / duration
        constants = (duration - 1, (1.0 - sin(angle)) / cos(angle), *smoother_shares(smoothing))
        return Plan(duration - 1, steps.EVEN_BETTER_SINEWAVE_SIZE, constants)


class _Flex(CompiledIndicator):
    # A smoothed price against its last `period` values, in units of its own mean square.
    source = "Ehlers (2020), Stocks & Commodities 38(2); the mean square starts at the first square"
    parameters = (Parameter("period", 20, "bars", 2),)

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.reflex_step` and `steps.trendflex_step`."""
        return Plan(period, steps.reflex_size(period), (period, *smoother_shares(0.5 * period)))


class Reflex(_Flex):
    """How far the smoothed price bends from the straight line over its last values: it turns with
    the cycle, hardly late. NaN while nothing moves.
    """

    name = "reflex"
    summary = "Bend of the smoothed price against its chord, by its own power"
    step = steps.REFLEX


class Trendflex(_Flex):
    """How far the smoothed price is from its last values: it stays up in a trend. NaN while nothing
    moves.
    """

    name = "trendflex"
    summary = "Distance of the smoothed price from its past, by its own power"
    step = steps.TRENDFLEX


INDICATORS: tuple[type[CompiledIndicator], ...] = (
    DominantCyclePeriod,
    DominantCyclePhase,
    HilbertPhasor,
    HilbertSine,
    HilbertTrendline,
    TrendMode,
    Mama,
    SuperSmoother,
    RoofingFilter,
    Decycler,
    DecyclerOscillator,
    CyberCycle,
    InstantaneousTrendline,
    LaguerreFilter,
    LaguerreRsi,
    EvenBetterSinewave,
    Reflex,
    Trendflex,
)
