"""Autocorrelation of log returns."""

import numpy as np

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.window_indicator import WindowIndicator
from undertow.kernels.rolling.return_autocorrelation import (
    return_autocorrelation as autocorrelation_kernel,
)
from undertow.kernels.rolling.return_autocorrelation import return_autocorrelation_of


class ReturnAutocorrelation(WindowIndicator):
    """Signed autocorrelation of the log returns of the last `window` closes, -1 to 1.

    Positive: moves go on; negative: they reverse. `z_score` is its distance from what independent
    returns would give, in standard errors that allow for clustered volatility: below 1.64 it is
    noise. NaN for a flat window.
    """

    name = "return_autocorrelation"
    summary = "Signed autocorrelation of log returns with its significance"
    source = "Box-Jenkins (biased, one mean); error after Ljung-Box (1978) and Lo-MacKinlay (1988)"
    parameters = (
        Parameter("window", 60, "closes (one return fewer)"),
        Parameter("lag", 1, "bars"),
    )
    outputs = ("value", "standard_error", "z_score")

    def __init__(self, window: int = 60, lag: int = 1) -> None:
        self._lag = whole_at_least(self.name, "lag", lag, 1)
        super().__init__(whole_at_least(self.name, "window", window, lag + 4), lag=lag)

    def _measure(self, close: Column) -> tuple[float, ...]:
        out = np.empty(3)
        return_autocorrelation_of(close, self._lag, np.empty(self._window - 1), out)
        return tuple(out.tolist())

    def _sweep(self, close: Column, out: Column) -> None:
        autocorrelation_kernel(close, self._window, self._lag, out)


def return_autocorrelation(close: Column, window: int = 60, lag: int = 1) -> Column:
    """`ReturnAutocorrelation` over a whole column; NaN for the first window - 1 closes."""
    return ReturnAutocorrelation(window, lag).batch(close)["value"]
