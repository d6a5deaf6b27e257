"""a * b + c with one rounding: shorter chains in averages, and exact where nothing changes."""

from collections.abc import Callable
from typing import Any, Final, cast

from numba import types
from numba.extending import intrinsic


def _fused(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        values = [
            context.cast(builder, value, given, types.float64)
            for value, given in zip(args, signature.args, strict=True)
        ]
        return builder.fma(*values)

    return types.float64(a, b, c), codegen


fused: Final = cast(Callable[[float, float, float], float], intrinsic(_fused))
"""a * b + c rounded once (IEEE 754 fusedMultiplyAdd), the same bits on every machine.

An average written as fused(average, 1 - share, x * share) has one operation from bar to bar instead
of two, and stays exactly where it is when x equals it and both weights add up to 1 (`kept`).
For kernels only.
"""
