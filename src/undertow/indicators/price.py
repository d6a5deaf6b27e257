"""One price for a bar, and bars drawn from averages."""

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.kernels.steps import price as steps


class AveragePrice(CompiledIndicator):
    """(open + high + low + close) / 4, a price."""

    name = "avgprice"
    summary = "Mean of open, high, low and close"
    source = "definition; TA-Lib AVGPRICE"
    parameters = ()
    inputs = ("open", "high", "low", "close")
    step = steps.AVERAGE_PRICE

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.average_price_step`."""
        return Plan(0, 0, ())


class MedianPrice(CompiledIndicator):
    """(high + low) / 2, a price."""

    name = "medprice"
    summary = "Middle of the bar"
    source = "definition; TA-Lib MEDPRICE"
    parameters = ()
    inputs = ("high", "low")
    step = steps.MEDIAN_PRICE

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.median_price_step`."""
        return Plan(0, 0, ())


class TypicalPrice(CompiledIndicator):
    """(high + low + close) / 3, a price."""

    name = "typprice"
    summary = "Mean of high, low and close"
    source = "definition; TA-Lib TYPPRICE"
    parameters = ()
    inputs = ("high", "low", "close")
    step = steps.TYPICAL_PRICE

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.typical_price_step`."""
        return Plan(0, 0, ())


class WeightedClose(CompiledIndicator):
    """(high + low + 2 close) / 4, a price."""

    name = "wclprice"
    summary = "Mean of high, low and close, the close counted twice"
    source = "definition; TA-Lib WCLPRICE"
    parameters = ()
    inputs = ("high", "low", "close")
    step = steps.WEIGHTED_CLOSE

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.weighted_close_step`."""
        return Plan(0, 0, ())


class HeikinAshi(CompiledIndicator):
    """Averaged bars, prices that nobody traded at: close (the value), open, high and low.

    Close is the mean of the bar, open the middle of the averaged bar before; the first opens in the
    middle of its own open and close.
    """

    name = "heikin_ashi"
    summary = "Heikin-Ashi bars: every bar averaged with the one before"
    source = "Valcu (2004), Stocks & Commodities 22(2); TA-Lib HA"
    parameters = ()
    inputs = ("open", "high", "low", "close")
    outputs = ("value", "open", "high", "low")
    step = steps.HEIKIN_ASHI

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.heikin_ashi_step`."""
        return Plan(0, 3, ())


INDICATORS = (AveragePrice, HeikinAshi, MedianPrice, TypicalPrice, WeightedClose)
