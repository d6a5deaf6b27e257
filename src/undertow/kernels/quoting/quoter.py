"""A user's compiled quoting function: `@kernel`."""

import inspect
from collections.abc import Callable
from typing import Any, Final

import numba
from numba import types
from numba.core.errors import NumbaError, UnsupportedBytecodeError

from undertow.domain.errors import ConfigurationError
from undertow.kernels.compiled import with_cache

_types: Any = types
_SIGNATURE: Final = types.void(
    _types.CPointer(types.int64), types.int64, _types.CPointer(types.float64)
)
_PARAMETERS: Final = 3

QuoterFunction = Callable[[Any, int, Any], None]


class Quoter:
    """A function `quote(desk, now_ns, state)`, compiled when it is first needed.

    desk: what the quoter sees and asks through (`kernels.quoting.desk`). now_ns: its time. state:
    float64 numbers of its own, as many as the run was told to keep, zero at first and saved with
    the run. Whatever the function calls must be compiled too; it cannot raise, print or keep
    anything elsewhere, and `state` is not guarded: an index beyond its end is the user's fault.
    """

    __slots__ = ("_compiled", "function", "name")

    def __init__(self, function: QuoterFunction) -> None:
        parameters = list(inspect.signature(function).parameters)
        if len(parameters) != _PARAMETERS:
            raise ConfigurationError(
                "expected a quoter of three parameters (desk, now_ns, state), "
                f"found ({', '.join(parameters)})"
            )
        self.function = function
        self.name = function.__name__
        self._compiled: Any = None

    @property
    def address(self) -> int:
        """Where its machine code is; raises `ConfigurationError` where it cannot be compiled."""
        if self._compiled is None:
            try:
                self._compiled = with_cache(
                    self.function.__module__,
                    lambda **how: numba.cfunc(_SIGNATURE, **how)(self.function),
                    nogil=True,
                    error_model="numpy",
                )
            except (NumbaError, UnsupportedBytecodeError) as fault:
                raise ConfigurationError(
                    f"expected {self.name} to be compilable, found {fault}"
                ) from fault
        return int(self._compiled.address)


def kernel(function: QuoterFunction) -> Quoter:
    """Make a quoter of a function `quote(desk, now_ns, state)`; see `Quoter`."""
    return Quoter(function)
