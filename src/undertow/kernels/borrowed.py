"""Arrays whose references are not counted, for loops that hand them to many small functions.

Numba counts references of an array in every function that is not inlined, by an atomic add each
time: in a loop of a few nanoseconds a row that is most of the time. The caller holds the arrays
anyway while its call lasts.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

Array = TypeVar("Array")
_make_array: Any = make_array
_null: Any = cgutils.get_null_value


def _borrowed(typingctx: Any, array: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        view = _make_array(signature.args[0])(context, builder, args[0])
        view.meminfo = _null(view.meminfo.type)
        view.parent = _null(view.parent.type)
        return view._getvalue()

    return array(array), codegen


borrowed: Final = cast(Callable[[Array], Array], intrinsic(_borrowed))
"""`borrowed(array)`: the same memory without an owner. The array must outlive all use. For kernels
only.
"""
