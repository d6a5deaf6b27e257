"""A sweep with the step inside its loop, for columns so long that compiling it pays.

Calling a step by its address costs a few nanoseconds a bar: the call, and inputs and outputs that
go through memory. Here the step is put into the loop, where inputs and outputs stay in registers.
The arithmetic is the same and nothing may be reordered, so the bits are; the tests hold it to that.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any, Final, TypeAlias, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

from undertow.kernels.columns.holes import holes
from undertow.kernels.compiled import with_cache
from undertow.kernels.whole_kernel import whole_kernel

_Columns: TypeAlias = tuple[NDArray[np.float64], ...]
WholeSweep: TypeAlias = Callable[
    [_Columns, NDArray[np.float64], NDArray[np.float64], _Columns], bool
]

MOST: Final = 24
"""Inputs, outputs, constants or numbers of state that can be held in registers."""

STRETCH: Final = 1024
"""Bars that are looked at for numbers that are none before the step goes over them."""

_types: Any = types
_make_array: Any = make_array
_cgutils: Any = cgutils
_POINTER: Final = _types.CPointer(types.float64)


def _pointer_to(typingctx: Any, array: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _make_array(signature.args[0])(context, builder, args[0]).data

    return _POINTER(array), codegen


def _scratch(typingctx: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = _cgutils.alloca_once(builder, ir.ArrayType(ir.DoubleType(), MOST))
        return builder.bitcast(place, ir.DoubleType().as_pointer())

    return _POINTER(), codegen


def _between(typingctx: Any, numbers: Any, array: Any, is_back: Any) -> Any:
    # The first numbers of an array to a place of `MOST`, or back; one by one, so that each can
    # become a register.
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        stored = _make_array(signature.args[1])(context, builder, args[1])
        (length,) = _cgutils.unpack_tuple(builder, stored.shape, 1)
        for k in range(MOST):
            at = ir.Constant(length.type, k)
            with builder.if_then(builder.icmp_signed("<", at, length)):
                with builder.if_then(args[2]):
                    _moved(builder, args[0], at, stored.data, at)
                with builder.if_then(builder.not_(args[2])):
                    _moved(builder, stored.data, at, args[0], at)
        return context.get_dummy_value()

    return types.void(numbers, array, is_back), codegen


def _moved(builder: Any, source: Any, at: Any, target: Any, to: Any) -> None:
    builder.store(builder.load(builder.gep(source, [at])), builder.gep(target, [to]))


def _take_bar(typingctx: Any, columns: Any, bar: Any, x: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        arrays = _cgutils.unpack_tuple(builder, args[0])
        for k, (kind, array) in enumerate(zip(signature.args[0].types, arrays, strict=True)):
            data = _make_array(kind)(context, builder, array).data
            _moved(builder, data, args[1], args[2], ir.Constant(ir.IntType(32), k))
        return context.get_dummy_value()

    return types.void(columns, bar, x), codegen


def _give_bar(typingctx: Any, y: Any, bar: Any, columns: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        arrays = _cgutils.unpack_tuple(builder, args[2])
        for k, (kind, array) in enumerate(zip(signature.args[2].types, arrays, strict=True)):
            data = _make_array(kind)(context, builder, array).data
            _moved(builder, args[0], ir.Constant(ir.IntType(32), k), data, args[1])
        return context.get_dummy_value()

    return types.void(y, bar, columns), codegen


_pointer: Any = intrinsic(_pointer_to)
_numbers: Any = intrinsic(_scratch)
_copy: Any = intrinsic(_between)
_take: Any = intrinsic(_take_bar)
_give: Any = intrinsic(_give_bar)
_step: Any = None  # each sweep has its own
_is_small = False  # whether the state and the constants fit into registers


def _sweep(
    columns: _Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: _Columns
) -> bool:
    x, y, constants, state = _numbers(), _numbers(), _pointer(p), _pointer(s)
    if _is_small:
        constants, state = _numbers(), _numbers()
        _copy(constants, p, False)
        _copy(state, s, False)
    count = len(out[0])
    for first in range(0, count, STRETCH):
        last = min(first + STRETCH, count)
        for column in columns:
            if holes(column[first:last]) > 0:
                return False
        for i in range(first, last):
            _take(columns, i, x)
            _step(x, constants, state, y)
            _give(y, i, out)
    if _is_small:
        _copy(state, s, True)
    return True


def whole_sweep(function: Callable[..., None], *, is_small: bool) -> WholeSweep:
    """The sweep of a step: `sweep(columns, p, s, out)`, `out` one writable column an output.

    `is_small` tells that there are at most `MOST` constants and numbers of state.
    It goes on from `s`. False when it met a number that is not finite; what it wrote then counts
    for nothing. Compiled when first called. All columns must be writable arrays, as everywhere: a
    read-only one is another type.
    """
    inside = whole_kernel(function, forceinline=True, nogil=True, error_model="numpy")
    name = f"{'small' if is_small else 'large'}_sweep_of_{function.__name__}"
    given = {"_step": inside, "_is_small": is_small}
    own = FunctionType(_sweep.__code__, {**globals(), **given}, name)
    # The cache tells sweeps apart by their names; its folder follows the step's sources.
    own.__module__, own.__qualname__ = function.__module__, name
    return cast(
        WholeSweep,
        with_cache(
            function.__module__,
            lambda **how: whole_kernel(own, **how),
            nogil=True,
            error_model="numpy",
        ),
    )
