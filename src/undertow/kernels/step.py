"""Indicator steps: one compiled function of four pointers, the same machine code in both faces.

A step is `step(x, p, s, out)`: it reads the inputs of one bar from `x`, its constants from `p`,
goes on from the state `s` and writes its outputs to `out`; all are float64, and only indexing is
allowed on them. It is built of cells (`kernels.cells`), which keep their part of the state at a
given place of `s`. A step is called through its address, so one loop (`sweep`) serves all of them,
and an update from Python costs about a microsecond.
"""

import ctypes
from collections.abc import Callable
from typing import Any, Final, TypeAlias, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled, with_cache
from undertow.kernels.whole_kernel import compiling_whole
from undertow.kernels.whole_sweep import MOST, WholeSweep, whole_sweep

Numbers: TypeAlias = Any
"""A pointer to float64 numbers: inside kernels it can only be indexed."""

StepFunction: TypeAlias = Callable[[Numbers, Numbers, Numbers, Numbers], None]
Columns: TypeAlias = tuple[NDArray[np.float64], ...]
Sweep: TypeAlias = Callable[[Columns, NDArray[np.float64], NDArray[np.float64], Any], Any]

_types: Any = types
_POINTER: Final = _types.CPointer(types.float64)
_SIGNATURE: Final = types.void(_POINTER, _POINTER, _POINTER, _POINTER)
_DOUBLES: Final = ctypes.POINTER(ctypes.c_double)
_make_array: Any = make_array
_unpack_tuple: Any = cgutils.unpack_tuple


QUICK_WORTH: Final = 20_000
"""Bars after which the quick form of a step is worth its compilation, at most two seconds once."""

WORTH: Final = 500_000
"""Bars after which a step is worth being compiled into its own sweep, which takes a third of a
second once.
"""


class Step:
    """A step function, compiled when it is first called.

    Bar by bar, and over columns at first, it is called by its address. `quick`, where a step has
    one, is the same arithmetic over whole columns with the state held in registers, used once that
    is worth compiling: `quick(columns, p, s, out)` takes columns nobody has looked at. It answers
    False when it met a number that is not finite or an overflow, or has no quick way for these
    constants; what it wrote then counts for nothing. Tests hold it to the same bits.

    A step of the library that is not done so gets a `whole_sweep` in the end. One of a user's own
    does not: the cache of compiled code knows which of our sources a kernel is made of, not which
    of theirs.
    """

    __slots__ = ("_bars", "_compiled", "_whole", "function", "quick")

    def __init__(self, function: StepFunction, quick: Sweep | None = None) -> None:
        self.function = function
        self.quick = quick
        self._compiled: Any = None
        self._whole: dict[bool, WholeSweep] = {}
        self._bars = 0

    @property
    def compiled(self) -> Any:
        """The machine code: `.address` for kernels, `.ctypes` for Python."""
        if self._compiled is None:
            with compiling_whole():
                self._compiled = with_cache(
                    self.function.__module__,
                    lambda **how: numba.cfunc(_SIGNATURE, **how)(self.function),
                    nogil=True,
                    error_model="numpy",
                )
        return self._compiled

    def run(
        self, columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: Any
    ) -> None:
        """Go over finite columns of one length; `out` has shape (outputs, n).

        `s` is gone on from.
        """
        if not self.try_quick(columns, p, s, out):
            sweep(self.compiled.address, columns, p, s, out)

    def try_quick(
        self, columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: Any
    ) -> bool:
        """As `run` on columns that may hold any numbers; False when it has to be done otherwise,
        with `s` as it was.
        """
        self._bars += out.shape[1]
        before = s.copy()
        is_done = False
        if self.quick is not None and self._bars >= QUICK_WORTH:
            is_done = bool(self.quick(columns, p, s, out))
            if not is_done:
                s[:] = before
        if not is_done and self._bars >= WORTH and self.function.__module__.startswith("undertow."):
            is_done = self.whole(p, s)(columns, p, s, tuple(out))
        if not is_done:
            s[:] = before
        return is_done

    def whole(self, p: NDArray[np.float64], s: NDArray[np.float64]) -> WholeSweep:
        """The sweep with the step inside, for constants and a state as long; compiled when first
        called.
        """
        is_small = max(len(p), len(s)) <= MOST
        if is_small not in self._whole:
            self._whole[is_small] = whole_sweep(self.function, is_small=is_small)
        return self._whole[is_small]


def pointer(array: NDArray[np.float64]) -> Any:
    """What `Step.compiled.ctypes` takes; the array must outlive it."""
    return array.ctypes.data_as(_DOUBLES)


def _call_step(typingctx: Any, address: Any, arrays: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        double = ir.DoubleType().as_pointer()
        function = ir.FunctionType(ir.VoidType(), [double] * 4)
        given = [
            _make_array(kind)(context, builder, array).data
            for kind, array in zip(
                signature.args[1].types, _unpack_tuple(builder, args[1]), strict=True
            )
        ]
        builder.call(builder.inttoptr(args[0], function.as_pointer()), given)
        return context.get_dummy_value()

    return types.void(types.int64, arrays), codegen


call_step: Final = cast(Callable[..., None], intrinsic(_call_step))
"""`call_step(address, (x, p, s, out))`: the step at an address, with four float64 arrays. For
kernels only.
"""


@compiled
def sweep(
    address: int,
    columns: Columns,
    p: NDArray[np.float64],
    s: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Call the step for every bar; `out` has shape (outputs, n)."""
    x = np.empty(len(columns))
    y = np.empty(len(out))
    for i in range(out.shape[1]):
        for j in range(len(columns)):
            x[j] = columns[j][i]
        call_step(address, (x, p, s, y))
        for j in range(len(y)):
            out[j, i] = y[j]
