import numpy as np

from undertow.indicators.indicator import Column
from undertow.indicators.window_indicator import WindowIndicator


class _Span(WindowIndicator):
    name = "span"

    def __init__(self, window: int) -> None:
        super().__init__(window)

    def _measure(self, close: Column) -> tuple[float, ...]:
        return (float(close.max() - close.min()),)

    def _sweep(self, close: Column, out: Column) -> None:
        for i in range(self._window, len(close) + 1):
            out[i - 1, 0] = self._measure(close[i - self._window : i])[0]


def test_it_measures_exactly_the_last_window() -> None:
    span = _Span(3)
    found = [span.update(x) for x in (5.0, 1.0, 2.0, 4.0, 4.0)]
    assert np.array_equal(found, [np.nan, np.nan, 4.0, 3.0, 2.0], equal_nan=True)
    assert span.warmup == 2


def test_its_batch_is_the_same() -> None:
    found = _Span(3).batch(np.array([5.0, 1.0, 2.0, 4.0, 4.0]))["value"]
    assert np.array_equal(found, [np.nan, np.nan, 4.0, 3.0, 2.0], equal_nan=True)
