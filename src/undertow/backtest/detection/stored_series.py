"""An asset's minutes as bytes and back, and the part of them that was known at a minute."""

import zlib
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.minute_flow import MinuteFlow


def pack_series(series: AssetSeries) -> bytes:
    """Compressed msgpack of all arrays, exact."""
    return zlib.compress(msgspec.msgpack.encode(series, enc_hook=_packed))


def unpack_series(data: bytes) -> AssetSeries:
    """The series of `pack_series`; raises `DataError` when the bytes are something else."""
    try:
        raw = zlib.decompress(data)
        return msgspec.msgpack.decode(raw, type=AssetSeries, dec_hook=_unpacked)
    except (zlib.error, msgspec.DecodeError) as error:
        raise DataError(f"expected a packed series of minutes, found: {error}") from error


def minutes_between(series: AssetSeries, first: int, end: int) -> AssetSeries:
    """Minutes first .. end - 1: what was known once minute end - 1 was settled, as it never changes
    after.
    """
    part = slice(first, end)
    names = series.__struct_fields__
    return AssetSeries(**{name: _cut(getattr(series, name), part) for name in names})


def _cut(value: Any, part: slice) -> Any:
    if isinstance(value, np.ndarray):
        return value[part]
    if isinstance(value, dict):
        return {name: _cut(one, part) for name, one in value.items()}
    if isinstance(value, MinuteFlow):
        return MinuteFlow(*(getattr(value, name)[part] for name in value.__struct_fields__))
    return value


def _packed(array: Any) -> tuple[str, tuple[int, ...], bytes]:
    return array.dtype.str, array.shape, array.tobytes()


def _unpacked(_type: type, packed: Any) -> NDArray[Any]:
    dtype, shape, data = packed
    return np.frombuffer(data, dtype).reshape(shape)
