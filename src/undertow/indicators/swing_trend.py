"""Trend by confirmed swing points."""

import numpy as np

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.swing_trend import SWING_START, SwingState, swing_trend_step
from undertow.kernels.rolling.swing_trend import swing_trend as swing_kernel


class SwingTrend(StepIndicator):
    """+1 when the last two swing highs and the last two swing lows rise, -1 when they fall, else
    0 (also while fewer are known).

    A swing point counts from the bar that confirms it, `strength` bars later, and never changes.
    """

    name = "swing_trend"
    summary = "+1 rising swing highs and lows, -1 falling ones, else 0; confirmed points only"
    source = "definition (fractal pivots)"
    parameters = (Parameter("strength", 2, "bars on each side that a swing point exceeds"),)
    inputs = ("high", "low")

    def __init__(self, strength: int = 2) -> None:
        self._strength = whole_at_least(self.name, "strength", strength, 1)
        super().__init__(2 * strength, strength=strength)
        self._state: SwingState = SWING_START
        self._slots = [[0.0] * (2 * strength + 1) for _ in range(2)]

    def _advance(self, values: tuple[float, ...]) -> None:
        self._state = swing_trend_step(
            values[0], values[1], self._strength, self._state, self._slots
        )
        self._outputs = self._state[-1:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        high, low = columns
        slots = np.zeros((2, 2 * self._strength + 1))
        swing_kernel(high, low, self._strength, SWING_START, slots, out)


def swing_trend(high: Column, low: Column, strength: int = 2) -> Column:
    """`SwingTrend` over whole columns; NaN for the first 2 * strength bars."""
    return SwingTrend(strength).batch(high, low)["value"]
