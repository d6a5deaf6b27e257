"""Average directional index."""

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.adx import ADX_START, AdxState, adx_step
from undertow.kernels.rolling.adx import adx as adx_kernel


class Adx(StepIndicator):
    """Strength of a trend, 0 to 100, whatever its direction; +DI and -DI tell the direction.

    The directional indicators speak from bar `period`, the index from bar 2 * period - 1.
    """

    name = "adx"
    summary = "Average directional index with +DI and -DI, 0 to 100"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib convention"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = ("high", "low", "close")
    outputs = ("value", "plus_di", "minus_di")

    def __init__(self, period: int = 14) -> None:
        self._period = whole_at_least(self.name, "period", period, 2)
        super().__init__(2 * period - 1, period=period)
        self._state: AdxState = ADX_START

    def _advance(self, values: tuple[float, ...]) -> None:
        high, low, close = values
        self._state = adx_step((high, low, close), self._period, self._state)
        self._outputs = self._state[-3:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        high, low, close = columns
        adx_kernel(high, low, close, self._period, ADX_START, out)


def adx(high: Column, low: Column, close: Column, period: int = 14) -> Column:
    """`Adx` over whole columns; NaN for the first 2 * period - 1 bars."""
    return Adx(period).batch(high, low, close)["value"]
