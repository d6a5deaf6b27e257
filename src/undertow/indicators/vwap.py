"""Volume-weighted average price."""

import numpy as np

from undertow.indicators.indicator import Column, Parameter, whole_at_least
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.rolling.vwap import VWAP_START, VwapState, vwap_step
from undertow.kernels.rolling.vwap import vwap as vwap_kernel


class Vwap(StepIndicator):
    """VWAP of the typical price (high + low + close) / 3 and its deviation, in price units.

    Bands are value +- k * sigma. NaN while no volume has traded. A negative volume counts as none.
    """

    name = "vwap"
    summary = "Volume-weighted average price and its deviation, anchored or rolling"
    source = "definition on the typical price; West (1979) updates, sigma around the current VWAP"
    parameters = (Parameter("period", 0, "bars of a rolling window, 0 = anchored at the first"),)
    inputs = ("high", "low", "close", "volume")
    outputs = ("value", "sigma")

    def __init__(self, period: int = 0) -> None:
        self._period = whole_at_least(self.name, "period", period, 0)
        super().__init__(max(period - 1, 0), period=period)
        self._state: VwapState = VWAP_START
        self._slots = [[0.0] * period for _ in range(3)]

    def _advance(self, values: tuple[float, ...]) -> None:
        high, low, close, volume = values
        typical = (high + low + close) / 3.0
        self._state = vwap_step(typical, volume, self._period, self._state, self._slots)
        self._outputs = self._state[-2:]

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        high, low, close, volume = columns
        slots = np.zeros((3, self._period))
        vwap_kernel((high + low + close) / 3.0, volume, self._period, VWAP_START, slots, out)


def vwap(high: Column, low: Column, close: Column, volume: Column, *, period: int = 0) -> Column:
    """`Vwap` over whole columns; `period` 0 = anchored at the first bar."""
    return Vwap(period).batch(high, low, close, volume)["value"]
