"""Distance of the price from its recent mean, in standard deviations."""

from math import nan, sqrt

import numpy as np

from undertow.indicators.indicator import Column, Parameter
from undertow.indicators.rolling_variance import RollingVariance


class DistanceFromMean(RollingVariance):
    """(close - mean) / deviation over the last `period` bars; NaN where the window is constant.

    Each bar counts once, so the mean is weighted by time and busy seconds do not weigh more. Use
    900 bars of one second or 15 of one minute for 15 minutes.
    """

    name = "distance_from_mean"
    summary = "Distance from the recent mean in standard deviations, weighted by time"
    source = "definition (z-score, population deviation)"
    parameters = (Parameter("period", 15, "bars"),)
    outputs = ("value", "mean", "deviation")

    def __init__(self, period: int = 15) -> None:
        super().__init__(period)
        self._settings = {"period": period}

    def _advance(self, values: tuple[float, ...]) -> None:
        super()._advance(values)
        variance, mean = self._outputs
        deviation = sqrt(variance)
        distance = (values[0] - mean) / deviation if deviation > 0.0 else nan
        self._outputs = (distance, mean, deviation)

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        super()._run(columns, out[:2])
        out[2] = np.sqrt(out[0])
        spread = np.where(out[2] > 0.0, out[2], nan)
        out[0] = (columns[0] - out[1]) / spread


def distance_from_mean(close: Column, period: int = 15) -> Column:
    """`DistanceFromMean` over a whole column."""
    return DistanceFromMean(period).batch(close)["value"]
