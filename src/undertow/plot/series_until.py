"""A series as it was some minutes ago: what a measure saw then."""

from typing import Any

import msgspec
import numpy as np

from undertow.flow.asset_series import AssetSeries


def series_until(series: AssetSeries, count: int) -> AssetSeries:
    """The first `count` minutes of the series; columns only, so nothing is copied."""
    return msgspec.structs.replace(
        series,
        **{name: _cut(getattr(series, name), count) for name in series.__struct_fields__},
    )


def _cut(value: Any, count: int) -> Any:
    if isinstance(value, np.ndarray):
        return value[:count]
    if isinstance(value, dict):
        return {key: _cut(each, count) for key, each in value.items()}
    if isinstance(value, msgspec.Struct):
        names = value.__struct_fields__
        return msgspec.structs.replace(
            value, **{name: _cut(getattr(value, name), count) for name in names}
        )
    return value
