"""Strength of the pull back to a moving average."""

import numpy as np

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.window_indicator import WindowIndicator
from undertow.kernels.rolling.mean_reversion_strength import (
    mean_reversion_strength as strength_kernel,
)
from undertow.kernels.rolling.mean_reversion_strength import mean_reversion_strength_of


class MeanReversionStrength(WindowIndicator):
    """1 - phi, 0 to 1, phi of an AR(1) fit to the deviation from the mean of `period` closes.

    0: a displacement stays; 1: it is gone after one bar. `half_life` is in bars. A pure random
    walk measures about 0.1 with the defaults, because the moving average follows it. NaN for a
    flat window.
    """

    name = "mean_reversion_strength"
    summary = "Speed of the return to a moving average, 0 to 1, and its half-life"
    source = "AR(1) by least squares with intercept on the deviation from a moving average"
    parameters = (
        Parameter("window", 100, "closes fitted"),
        Parameter("period", 20, "bars of the moving average"),
    )
    outputs = ("value", "half_life")

    def __init__(self, window: int = 100, period: int = 20) -> None:
        self._period = whole_at_least(self.name, "period", period, 2)
        super().__init__(whole_at_least(self.name, "window", window, period + 8), period=period)

    def _measure(self, close: Column) -> tuple[float, ...]:
        out = np.empty(2)
        scratch = np.empty(self._window - self._period + 1)
        mean_reversion_strength_of(close, self._period, scratch, out)
        return tuple(out.tolist())

    def _sweep(self, close: Column, out: Column) -> None:
        strength_kernel(close, self._window, self._period, out)


def mean_reversion_strength(close: Column, window: int = 100, period: int = 20) -> Column:
    """`MeanReversionStrength` over a whole column; NaN for the first window - 1 closes."""
    return MeanReversionStrength(window, period).batch(close)["value"]
