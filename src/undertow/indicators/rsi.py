"""Relative strength index."""

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.rsi import RSI_START, RsiState, rsi_step
from undertow.kernels.rolling.rsi import rsi as rsi_kernel


class Rsi(StepIndicator):
    """100 * average gain / (average gain + average loss), 0 to 100.

    100 without losses, 50 where nothing moved at all (TA-Lib answers 0 there, which reads as
    oversold).
    """

    name = "rsi"
    summary = "Relative strength index, 0 to 100"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib seeding"
    parameters = (Parameter("period", 14, "bars"),)

    def __init__(self, period: int = 14) -> None:
        self._period = whole_at_least(self.name, "period", period, 1)
        super().__init__(period, period=period)
        self._share = 1.0 / period
        self._state: RsiState = RSI_START

    def _advance(self, values: tuple[float, ...]) -> None:
        self._state = rsi_step(values[0], self._period, self._share, self._state)
        self._outputs = self._state[-1:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        rsi_kernel(columns[0], self._period, self._share, RSI_START, out)


def rsi(close: Column, period: int = 14) -> Column:
    """`Rsi` over a whole column; NaN for the first `period` closes."""
    return Rsi(period).batch(close)["value"]
