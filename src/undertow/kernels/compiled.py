"""The one place where numba meets our code; everything else decorates with `compiled`.

Kernels are compiled on first use and cached on disk. Fast-math stays off: results must be the same
bits however the input is split. Where no cache folder can be written (read-only install and home)
the kernel still compiles, only without a cache.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function of arrays and scalars; arguments decide the machine types."""
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
