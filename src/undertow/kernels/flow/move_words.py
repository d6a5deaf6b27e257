"""Moving a stretch of an array over itself, as fast as the machine copies memory.

The loop `a[i] = a[i - 1]` costs about a nanosecond an element, as its indexes may be negative for
all the compiler knows; `memmove` moves four or more at once, and books shift hundreds of levels.
"""

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WORD = 8


def _move_words(typingctx: Any, values: Any, to: Any, start: Any, count: Any) -> Any:
    # What numba needs: the type, and the call of llvm.memmove on the array's memory.
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        memmove: Any = cgutils.raw_memmove
        array = context.make_array(signature.args[0])(context, builder, args[0])
        target = builder.gep(array.data, [args[1]])
        source = builder.gep(array.data, [args[2]])
        memmove(builder, target, source, args[3], WORD)
        return context.get_dummy_value()

    return types.void(values, types.int64, types.int64, types.int64), codegen


move_words: Any = intrinsic(_move_words)
"""move_words(values, to, start, count): values[to : to + count] = values[start : start + count].

The two stretches may overlap. `values` is a contiguous one-dimensional int64 array; nothing is
checked.
"""
