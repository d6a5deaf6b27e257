"""Trend: whether a price goes somewhere, and how far it strays."""

from math import sqrt

from undertow.indicators.average_kinds import checked_pair
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Column, Parameter
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.directional_movement import DIRECTIONAL_SIZE, PRICE_MOVEMENT_SIZE
from undertow.kernels.steps import trend as steps


class Adx(CompiledIndicator):
    """Strength of a trend, 0 to 100, whatever its direction; +DI and -DI tell the direction.

    The directional indicators speak from bar `period`, the index from bar 2 * period - 1.
    Above 25 is called trending, below 20 ranging.
    """

    name = "adx"
    summary = "Average directional index with +DI and -DI, 0 to 100"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib convention"
    parameters = (Parameter("period", 14, "bars", least=2),)
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "plus_di",
        "minus_di",
    )
    step = steps.ADX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.adx_step`."""
        return Plan(2 * period - 1, steps.ADX_SIZE, (period,))


class Adxr(CompiledIndicator):
    """Mean of the average directional index now and period - 1 bars ago, 0 to 100."""

    name = "adxr"
    summary = "Average directional index rating, 0 to 100"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib ADXR"
    parameters = (Parameter("period", 14, "bars", least=2),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.ADXR

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.adxr_step`."""
        return Plan(3 * period - 2, steps.adxr_size(period), (period,))


class Dx(CompiledIndicator):
    """Imbalance of upward and downward movement, 0 to 100, with +DI and -DI, not smoothed again.

    Where nothing moved the index before is repeated, as in TA-Lib.
    """

    name = "dx"
    summary = "Directional movement index with +DI and -DI, 0 to 100"
    source = (
        "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib DX, PLUS_DI, MINUS_DI"
    )
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "plus_di",
        "minus_di",
    )
    step = steps.DX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.dx_step`."""
        return Plan(period, DIRECTIONAL_SIZE + 1, (period,))


class DirectionalMovement(CompiledIndicator):
    """Wilder's running sums of upward and of downward movement (`minus_dm`), in price."""

    name = "dm"
    summary = "Sums of directional movement up and down, in price"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib PLUS_DM, MINUS_DM"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
    )
    outputs = (
        "value",
        "minus_dm",
    )
    step = steps.DM

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.dm_step`."""
        return Plan(max(period - 1, 1), PRICE_MOVEMENT_SIZE, (period,))


class Aroon(CompiledIndicator):
    """How recent the highest high (`up`) and the lowest low (`down`) are, 0 to 100; value: up -
    down.

    100 when it is this bar, 0 when it was `period` bars ago. Of equal ones the newest counts.
    """

    name = "aroon"
    summary = "Aroon up, down and their difference"
    source = "Chande (1995), Stocks and Commodities 13; TA-Lib AROON, AROONOSC"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
    )
    outputs = (
        "value",
        "up",
        "down",
    )
    step = steps.AROON

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.aroon_step`."""
        return Plan(period, steps.aroon_size(period), (period,))


class Vortex(CompiledIndicator):
    """Movement from the low before to the high, over true range, and the same downwards
    (`minus`).

    Without a unit, about 1; a trend is where one is above the other. 0 without range.
    """

    name = "vortex"
    summary = "Vortex indicator: VI+ and VI-"
    source = "Botes and Siepman (2010), Stocks and Commodities 28; TA-Lib VORTEX"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "minus",
    )
    step = steps.VORTEX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.vortex_step`."""
        return Plan(period, steps.vortex_size(period), (period,))


class VerticalHorizontal(CompiledIndicator):
    """Range of the value over its path through the last `period` bars, 0 to 1: high in trends."""

    name = "vhf"
    summary = "Vertical horizontal filter, 0 to 1"
    source = "White (1991), Futures; TA-Lib VHF"
    parameters = (Parameter("period", 28, "bars"),)
    step = steps.VHF

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.vhf_step`."""
        return Plan(period, steps.vhf_size(period), (period,))


class Fractal(CompiledIndicator):
    """100 at the bar that confirms a swing high `after` bars ago, and the same for lows, else 0.

    A swing high is strictly above the `before` highs before it and the `after` highs after
    it, so it is known only `after` bars later and never taken back.
    """

    name = "fractal"
    summary = "Williams fractals: swing highs and lows, when known"
    source = "Williams (1998), Trading Chaos; TA-Lib FRACTAL"
    parameters = (
        Parameter("before", 2, "bars before the swing"),
        Parameter("after", 2, "bars after it"),
    )
    inputs = (
        "high",
        "low",
    )
    outputs = (
        "value",
        "low",
    )
    step = steps.FRACTAL

    @classmethod
    def plan(cls, *, before: int, after: int) -> Plan:
        """Constants of `steps.fractal_step`."""
        return Plan(before + after, 2 * steps.peak_size(before, after), (before, after))


class Choppiness(CompiledIndicator):
    """Path of true ranges over the range of `period` bars, as a power of period, in percent.

    100 goes nowhere, low values are trends. NaN where there was no range.
    """

    name = "chop"
    summary = "Choppiness index, 0 to 100"
    source = "Dreiss (1993); definition"
    parameters = (Parameter("period", 14, "bars", least=2),)
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.CHOPPINESS

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.choppiness_step`."""
        return Plan(period, steps.choppiness_size(period), (period,))


class RandomWalk(CompiledIndicator):
    """Largest rise over 2 to `period` bars in ranges that a random walk would show, and fall.

    The rise is high less the low k bars ago, over the mean true range of those k bars times
    sqrt(k). Above 1 the move is more than chance gives. NaN without range.
    """

    name = "rwi"
    summary = "Random walk index of rises and falls"
    source = "Poulos (1991), Stocks and Commodities 9; mean range of the same bars"
    parameters = (Parameter("period", 8, "bars", least=2),)
    inputs = (
        "high",
        "low",
        "close",
    )
    outputs = (
        "value",
        "fall",
    )
    step = steps.RANDOM_WALK

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.random_walk_step`."""
        roots = tuple(sqrt(k) for k in range(2, period + 1))
        return Plan(period, steps.random_walk_size(period), (period, *roots))


class MassIndex(CompiledIndicator):
    """Sum over `period` bars of the averaged range over the same averaged again, without a unit.

    A swell above 27 and back below 26.5 is called a reversal bulge. A bar without range
    counts 1.
    """

    name = "massi"
    summary = "Mass index of swelling ranges"
    source = "Dorsey (1992), Stocks and Commodities 10; TA-Lib MASSI"
    parameters = (
        Parameter("average", 9, "bars of the averages"),
        Parameter("period", 25, "bars of the sum"),
    )
    inputs = (
        "high",
        "low",
    )
    step = steps.MASS

    @classmethod
    def plan(cls, *, average: int, period: int) -> Plan:
        """Constants of `steps.mass_step`."""
        return Plan(2 * (average - 1) + period - 1, steps.mass_size(period), (average, period))


class TrendIntensity(CompiledIndicator):
    """Deviations above the mean of `period` bars in all deviations of `window` bars, in percent.

    Above 80 is called a strong rise, below 20 a strong fall. NaN where nothing deviated.
    """

    name = "tii"
    summary = "Trend intensity index, 0 to 100"
    source = "Pee (2002), Stocks and Commodities 20"
    parameters = (
        Parameter("period", 60, "bars of the mean"),
        Parameter("window", 30, "bars of the sums"),
    )
    step = steps.INTENSITY

    @classmethod
    def plan(cls, *, period: int, window: int) -> Plan:
        """Constants of `steps.intensity_step`."""
        return Plan(
            period + window - 2,
            block_sum_size(period) + 2 * block_sum_size(window),
            (period, window),
        )


class Impulse(CompiledIndicator):
    """1 where the average and the MACD histogram both rise, -1 where both fall, else 0."""

    name = "impulse"
    summary = "Elder's impulse: 1 up, -1 down, 0 between"
    source = "Elder (2002), Come into My Trading Room"
    parameters = (
        Parameter("period", 13, "bars of the average"),
        Parameter("fast", 12, "bars"),
        Parameter("slow", 26, "bars"),
        Parameter("signal", 9, "bars of the signal"),
    )
    step = steps.IMPULSE

    @classmethod
    def plan(cls, *, period: int, fast: int, slow: int, signal: int) -> Plan:
        """Constants of `steps.impulse_step`."""
        checked_pair(cls.name, fast, slow)
        shares = tuple(2.0 / (n + 1.0) for n in (fast, slow, signal))
        return Plan(
            max(period, slow + signal - 1),
            steps.IMPULSE_SIZE,
            (fast, slow, signal, *shares, period),
        )


INDICATORS = (
    Adx,
    Adxr,
    Dx,
    DirectionalMovement,
    Aroon,
    Vortex,
    VerticalHorizontal,
    Fractal,
    Choppiness,
    RandomWalk,
    MassIndex,
    TrendIntensity,
    Impulse,
)


def adx(high: Column, low: Column, close: Column, period: int = 14) -> Column:
    """`Adx` over whole columns; NaN for the first 2 * period - 1 bars."""
    return Adx(period).batch(high, low, close)["value"]
