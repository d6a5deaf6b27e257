"""Moving averages."""

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.window_sum import window_sum_size
from undertow.kernels.steps import averages as steps


class Ema(CompiledIndicator):
    """Weight alpha = 2 / (period + 1) on the newest value, seeded with the mean of the first.

    In the unit of its input. Equal to TA-Lib's EMA.
    """

    name = "ema"
    summary = "Exponential moving average, seeded with a simple mean"
    source = "TA-Lib convention: alpha 2/(n+1), seeded with the SMA of the first n"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.EMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.ema_step`."""
        return Plan(period - 1, AVERAGE_SIZE, (period, 2.0 / (period + 1.0)))


class Sma(CompiledIndicator):
    """Mean of the last `period` values, in the unit of its input."""

    name = "sma"
    summary = "Simple moving average, free of rounding drift"
    source = "definition; the sum is made anew once per window"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.SMA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.sma_step`."""
        return Plan(period - 1, window_sum_size(period), (period,))


INDICATORS = (Ema, Sma)
