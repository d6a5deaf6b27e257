"""Driver: the engine over simulated exchanges and recorded history. Call it: `undertow.backtest`.

The package is itself the function `library.backtest`, because both have the same name.
"""

import sys
from types import ModuleType
from typing import Any

__all__: list[str] = []


class _CallableModule(ModuleType):
    def __call__(self, *args: Any, **settings: Any) -> Any:
        """See `library.backtest`."""
        from undertow.backtest.library import backtest

        return backtest(*args, **settings)


sys.modules[__name__].__class__ = _CallableModule
