"""Simple moving average."""

import numpy as np

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.sma import SMA_START, SmaState, sma_step
from undertow.kernels.rolling.sma import sma as sma_kernel


class Sma(StepIndicator):
    """Mean of the last `period` values, in the unit of its input, without rounding drift."""

    name = "sma"
    summary = "Simple moving average, free of rounding drift"
    source = "definition; block sums instead of a running difference"
    parameters = (Parameter("period", 20, "bars"),)

    def __init__(self, period: int = 20) -> None:
        self._period = whole_at_least(self.name, "period", period, 1)
        super().__init__(period - 1, period=period)
        self._state: SmaState = SMA_START
        self._slots = [[0.0] * period]

    def _advance(self, values: tuple[float, ...]) -> None:
        self._state = sma_step(values[0], self._period, self._state, self._slots[0])
        self._outputs = self._state[-1:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        sma_kernel(columns[0], self._period, SMA_START, np.zeros(self._period), out)


def sma(x: Column, period: int = 20) -> Column:
    """`Sma` over a whole column; NaN for the first period - 1 values."""
    return Sma(period).batch(x)["value"]
