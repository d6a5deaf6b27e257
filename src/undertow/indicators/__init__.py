"""Each indicator once, with two faces over one arithmetic: streaming and batch.

`indicator.Indicator` says what every one offers, `registry.FAMILIES` lists them. An indicator is
imported from its family, `from undertow.indicators.averages import Ema`, or as a function of
candles, `from undertow.indicators.functions import ema`.
"""

__all__: list[str] = []
