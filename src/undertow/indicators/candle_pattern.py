"""What every candlestick pattern has: four prices in, one number out, a fixed warm-up."""

from typing import ClassVar

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.candle import CANDLES_SIZE

NISON = "Nison (1991), Japanese Candlestick Charting Techniques; thresholds of TA-Lib"
MORRIS = "Morris (1995), Candlestick Charting Explained; thresholds of TA-Lib"
CHESLER = "Chesler (2004), Trading False Moves with the Hikkake Pattern; TA-Lib"


class CandlePattern(CompiledIndicator):
    """A subclass says its `step`, and how many candles come `before` the first that is judged."""

    source = NISON
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    inputs = ("open", "high", "low", "close")
    before: ClassVar[int]
    size: ClassVar[int] = CANDLES_SIZE

    @classmethod
    def plan(cls, **settings: float) -> Plan:
        """Constants of a pattern's step: the candles before, then its parameters."""
        return Plan(cls.before, cls.size, (cls.before, *settings.values()))
