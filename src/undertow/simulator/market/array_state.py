"""Arrays as bytes and back, exactly: the form in which the synthetic market's state is kept."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import SnapshotCorrupt


class ArrayBytes(msgspec.Struct, frozen=True):
    """One array: numpy's type text, shape and raw bytes."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> dict[str, ArrayBytes]:
    """The arrays as bytes, by name."""
    return {
        name: ArrayBytes(array.dtype.str, array.shape, array.tobytes())
        for name, array in arrays.items()
    }


def unpack_arrays(packed: Mapping[str, ArrayBytes], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write packed bytes into the arrays of the same names, in place.

    Raises `SnapshotCorrupt` when a name, type, shape or length differs; then none was written.
    """
    if packed.keys() != arrays.keys():
        raise SnapshotCorrupt(f"expected arrays {sorted(arrays)}, found {sorted(packed)}")
    for name, array in arrays.items():
        found = packed[name]
        if (found.dtype, found.shape, len(found.data)) != (
            array.dtype.str,
            array.shape,
            array.nbytes,
        ):
            raise SnapshotCorrupt(
                f"expected {name} as {array.dtype.str} {array.shape}, "
                f"found {found.dtype} {found.shape} of {len(found.data)} bytes"
            )
    for name, array in arrays.items():
        array[...] = np.frombuffer(packed[name].data, dtype=array.dtype).reshape(array.shape)
