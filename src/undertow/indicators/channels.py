"""Channels: a middle with bounds around it, and lines that follow a trend."""

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.window_variance import window_variance_size
from undertow.kernels.steps import channels as steps


class Bollinger(CompiledIndicator):
    """Mean of the last `period` values (the value) and the bands around it, in input units.

    Bands at mean + up * deviation and mean - down * deviation, deviation of the population.
    """

    name = "bollinger"
    summary = "Simple moving average with bands at multiples of the standard deviation"
    source = "Bollinger (2001); population deviation (ddof 0) as in TA-Lib's BBANDS"
    parameters = (
        Parameter("period", 20, "bars"),
        Parameter("up", 2.0, "deviations from the mean to the upper band", 0),
        Parameter("down", 2.0, "deviations from the mean to the lower band", 0),
    )
    outputs = ("value", "upper", "lower")
    step = steps.BOLLINGER

    @classmethod
    def plan(cls, *, period: int, up: float, down: float) -> Plan:
        """Constants of `steps.bollinger_step`."""
        return Plan(period - 1, window_variance_size(period), (period, up, down))


INDICATORS = (Bollinger,)
