"""Rolling variance and mean."""

from typing import ClassVar

import numpy as np

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.rolling_variance import (
    VARIANCE_START,
    VarianceState,
    rolling_variance_step,
)
from undertow.kernels.rolling.rolling_variance import rolling_variance as variance_kernel


class RollingVariance(StepIndicator):
    """Variance of the last `period` values in squared input units, and their mean.

    Divisor period - ddof. Never negative; exactly 0 for a constant window.
    """

    name = "rolling_variance"
    summary = "Variance and mean of the last values, numerically stable"
    source = "Welford (1962); joined blocks after Chan, Golub and LeVeque (1983)"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("period", 20, "bars"),
        Parameter("ddof", 0, "0 = population variance, 1 = sample variance"),
    )
    outputs: ClassVar[tuple[str, ...]] = ("value", "mean")

    def __init__(self, period: int = 20, ddof: int = 0) -> None:
        self._period = whole_at_least(self.name, "period", period, 2)
        whole_at_least(self.name, "ddof", ddof, 0)
        whole_at_least(self.name, "period", period, ddof + 1)
        super().__init__(period - 1, period=period, ddof=ddof)
        self._divisor = float(period - ddof)
        self._state: VarianceState = VARIANCE_START
        self._slots = [[0.0] * period, [0.0] * period]

    def _advance(self, values: tuple[float, ...]) -> None:
        self._state = rolling_variance_step(
            values[0], self._period, self._divisor, self._state, self._slots
        )
        self._outputs = self._state[-2:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        slots = np.zeros((2, self._period))
        variance_kernel(columns[0], self._period, self._divisor, VARIANCE_START, slots, out)


def rolling_variance(x: Column, period: int = 20, ddof: int = 0) -> Column:
    """`RollingVariance` over a whole column; NaN for the first period - 1 values."""
    return RollingVariance(period, ddof).batch(x)["value"]
