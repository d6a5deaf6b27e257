"""Trend of the last bars: higher highs and higher lows, or lower ones."""

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.trend_structure import TREND_START, TrendState, trend_structure_step
from undertow.kernels.rolling.trend_structure import trend_structure as trend_kernel


class TrendStructure(StepIndicator):
    """+1 when each of the last `count` bars has a higher high and a higher low than the one
    before it, -1 when lower ones, else 0. Equal highs or lows are no trend.
    """

    name = "trend_structure"
    summary = "+1 higher highs and lows over the last bars, -1 lower ones, else 0"
    source = "definition"
    parameters = (Parameter("count", 3, "bars compared"),)
    inputs = ("high", "low")

    def __init__(self, count: int = 3) -> None:
        self._count = whole_at_least(self.name, "count", count, 2)
        super().__init__(count - 1, count=count)
        self._state: TrendState = TREND_START

    def _advance(self, values: tuple[float, ...]) -> None:
        self._state = trend_structure_step(values[0], values[1], self._count, self._state)
        self._outputs = self._state[-1:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        high, low = columns
        trend_kernel(high, low, self._count, TREND_START, out)


def trend_structure(high: Column, low: Column, count: int = 3) -> Column:
    """`TrendStructure` over whole columns; NaN for the first count - 1 bars."""
    return TrendStructure(count).batch(high, low)["value"]
