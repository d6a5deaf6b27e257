"""Average true range."""

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.atr import ATR_START, AtrState, atr_step
from undertow.kernels.rolling.atr import atr as atr_kernel


class Atr(StepIndicator):
    """Wilder's average of the true range, in price units; needs period + 1 closed bars."""

    name = "atr"
    summary = "Average true range, in the unit of the price"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib seeding"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = ("high", "low", "close")

    def __init__(self, period: int = 14) -> None:
        self._period = whole_at_least(self.name, "period", period, 1)
        super().__init__(period, period=period)
        self._share = 1.0 / period
        self._state: AtrState = ATR_START

    def _advance(self, values: tuple[float, ...]) -> None:
        high, low, close = values
        self._state = atr_step((high, low, close), self._period, self._share, self._state)
        self._outputs = self._state[-1:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        high, low, close = columns
        atr_kernel(high, low, close, self._period, self._share, ATR_START, out)


def atr(high: Column, low: Column, close: Column, period: int = 14) -> Column:
    """`Atr` over whole columns; NaN for the first `period` bars."""
    return Atr(period).batch(high, low, close)["value"]
