"""Bollinger bands."""

from math import sqrt

import numpy as np

from undertow.domain.errors import ConfigurationError
from undertow.indicators.indicator import Column, Parameter
from undertow.indicators.rolling_variance import RollingVariance


class Bollinger(RollingVariance):
    """Mean of the last `period` values (the value) and the bands around it, in input units.

    Bands at mean + up * deviation and mean - down * deviation, deviation of the population.
    """

    name = "bollinger"
    summary = "Simple moving average with bands at multiples of the standard deviation"
    source = "Bollinger (2001); population deviation (ddof 0) as in TA-Lib's BBANDS"
    parameters = (
        Parameter("period", 20, "bars"),
        Parameter("up", 2.0, "deviations from the mean to the upper band"),
        Parameter("down", 2.0, "deviations from the mean to the lower band"),
    )
    outputs = ("value", "upper", "lower")

    def __init__(self, period: int = 20, up: float = 2.0, down: float = 2.0) -> None:
        if not (up >= 0.0 and down >= 0.0):
            raise ConfigurationError(f"expected bollinger up, down >= 0, found {up!r}, {down!r}")
        super().__init__(period)
        self._settings = {"period": period, "up": up, "down": down}
        self._up, self._down = up, down

    def _advance(self, values: tuple[float, ...]) -> None:
        super()._advance(values)
        variance, mean = self._outputs
        deviation = sqrt(variance)
        self._outputs = (mean, mean + self._up * deviation, mean - self._down * deviation)

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        super()._run(columns, out[:2])
        deviation = np.sqrt(out[0])
        out[0] = out[1]
        out[1] = out[0] + self._up * deviation
        out[2] = out[0] - self._down * deviation


def bollinger(
    x: Column, period: int = 20, up: float = 2.0, down: float = 2.0
) -> tuple[Column, Column, Column]:
    """`Bollinger` over a whole column: middle, upper, lower."""
    columns = Bollinger(period, up, down).batch(x)
    return columns["value"], columns["upper"], columns["lower"]
