"""Undertow: one engine from the tape to the trade.

The names a strategy needs can be imported from here; they are loaded when first used, so that the
command line answers at once.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undertow.backtest.library import backtest
    from undertow.decision.context import Context
    from undertow.decision.decision import Decision
    from undertow.decision.signals import Signals
    from undertow.decision.strategy import Strategy
    from undertow.domain.bar import Bar
    from undertow.domain.intent import Signal
    from undertow.domain.parameter import boolean, categorical, decimal, integer
    from undertow.domain.side import Side
    from undertow.indicators.averages import Ema, Sma
    from undertow.indicators.channels import Bollinger
    from undertow.indicators.momentum import Rsi
    from undertow.indicators.trend import Adx
    from undertow.indicators.volatility import Atr
    from undertow.kernels.quoting.quoter import kernel

__version__ = "0.1.0"

__all__ = [
    "Adx",
    "Atr",
    "Bar",
    "Bollinger",
    "Context",
    "Decision",
    "Ema",
    "Rsi",
    "Side",
    "Signal",
    "Signals",
    "Sma",
    "Strategy",
    "__version__",
    "backtest",
    "boolean",
    "categorical",
    "decimal",
    "integer",
    "kernel",
]

_HOMES = {
    "Adx": "undertow.indicators.trend",
    "Atr": "undertow.indicators.volatility",
    "Bar": "undertow.domain.bar",
    "Bollinger": "undertow.indicators.channels",
    "Context": "undertow.decision.context",
    "Decision": "undertow.decision.decision",
    "Ema": "undertow.indicators.averages",
    "Rsi": "undertow.indicators.momentum",
    "Side": "undertow.domain.side",
    "Signal": "undertow.domain.intent",
    "Signals": "undertow.decision.signals",
    "Sma": "undertow.indicators.averages",
    "Strategy": "undertow.decision.strategy",
    "boolean": "undertow.domain.parameter",
    "categorical": "undertow.domain.parameter",
    "decimal": "undertow.domain.parameter",
    "integer": "undertow.domain.parameter",
    "kernel": "undertow.kernels.quoting.quoter",
}


def __getattr__(name: str) -> object:
    if name == "backtest":
        return importlib.import_module("undertow.backtest")  # the package is the function
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'undertow' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
