"""An indicator that is a function of its last `window` closes, compiled, the same in both faces."""

from abc import abstractmethod

import numpy as np

from undertow.indicators.indicator import Column
from undertow.indicators.step_indicator import StepIndicator


class WindowIndicator(StepIndicator):
    """Keeps the last closes and measures them anew at each bar, so nothing can drift."""

    def __init__(self, window: int, **settings: float) -> None:
        super().__init__(window - 1, window=window, **settings)
        self._window = window
        self._slots = [[]]

    @abstractmethod
    def _measure(self, close: Column) -> tuple[float, ...]:
        """The outputs of exactly one window of closes."""

    @abstractmethod
    def _sweep(self, close: Column, out: Column) -> None:
        """Measure every full window; `out` has shape (n, outputs)."""

    def _advance(self, values: tuple[float, ...]) -> None:
        closes = self._slots[0]
        closes.append(values[0])
        if len(closes) > self._window:
            del closes[0]
        if len(closes) == self._window:
            self._outputs = self._measure(np.array(closes))

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        rows = np.full((out.shape[1], out.shape[0]), np.nan)
        self._sweep(columns[0], rows)
        out[:] = rows.T
