"""Exponential moving average."""

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.ema import EMA_START, EmaState, ema_step
from undertow.kernels.rolling.ema import ema as ema_kernel


class Ema(StepIndicator):
    """Weight alpha = 2 / (period + 1) on the newest value, seeded with the mean of the first.

    In the unit of its input. Equal to TA-Lib's EMA.
    """

    name = "ema"
    summary = "Exponential moving average, seeded with a simple mean"
    source = "TA-Lib convention: alpha 2/(n+1), seeded with the SMA of the first n"
    parameters = (Parameter("period", 20, "bars"),)

    def __init__(self, period: int = 20) -> None:
        self._period = whole_at_least(self.name, "period", period, 1)
        super().__init__(period - 1, period=period)
        self._alpha = 2.0 / (period + 1.0)
        self._state: EmaState = EMA_START

    def _advance(self, values: tuple[float, ...]) -> None:
        self._state = ema_step(values[0], self._period, self._alpha, self._state)
        self._outputs = self._state[-1:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        ema_kernel(columns[0], self._period, self._alpha, EMA_START, out)


def ema(x: Column, period: int = 20) -> Column:
    """`Ema` over a whole column; NaN for the first period - 1 values."""
    return Ema(period).batch(x)["value"]
