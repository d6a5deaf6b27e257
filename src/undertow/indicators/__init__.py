"""Each indicator once, with two faces over one arithmetic: streaming and batch.

`indicator.Indicator` says what every one offers, `registry.INDICATORS` lists them. An indicator is
imported from its module: `from undertow.indicators.averages import Ema, ema`.
"""

__all__: list[str] = []
