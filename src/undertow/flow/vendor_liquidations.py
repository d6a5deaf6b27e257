"""Vendors' liquidation heatmaps in our shape: decoded JSON in, a `LiquidationMap` out (FLOW-10).

Two documents are known, both of CoinGlass (API v4, read 2026): the heatmap (`y_axis` of prices,
`liquidation_leverage_data` of [column, row, dollars], `price_candlesticks`), whose last column is
what waits now, and the map (`{price: [[price, dollars, leverage, ...], ...]}`). Neither tells longs
from shorts, so what lies below the price counts as longs, what lies above it as shorts. Nothing is
fetched here.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.time import NS_PER_S
from undertow.flow.liquidation_map import LiquidationMap, liquidation_map

Floats = NDArray[np.float64]
Document = Mapping[str, Any]


def from_vendor_heatmap(document: Document, source: str = "coinglass") -> LiquidationMap:
    """The last column of a heatmap document; the price is the close of its last candle.

    Buckets are as wide as the rows of its price axis. Raises `DataError` when the document is
    refused by the vendor (`code` not "0") or a cell lies outside its axis."""
    data = _data(document)
    try:
        axis = np.array(data["y_axis"], np.float64)
        cells = np.array(data["liquidation_leverage_data"], np.float64).reshape(-1, 3)
        last = data["price_candlesticks"][-1]
        time_s, price = int(last[0]), float(last[4])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DataError(f"expected a liquidation heatmap, found {error!r}") from error
    if len(axis) < 2 or not np.all(np.diff(axis) > 0.0):
        raise DataError("expected two or more ascending prices on the axis of the heatmap")
    if len(cells):
        cells = cells[cells[:, 0] == cells[:, 0].max()]
    rows = cells[:, 1].astype(np.int64)
    if np.any((rows < 0) | (rows >= len(axis))):
        raise DataError(f"expected rows below {len(axis)}, found {rows.min()} .. {rows.max()}")
    width = float(axis[-1] - axis[0]) / (len(axis) - 1)
    return _map(source, time_s * NS_PER_S, width, price, (axis[rows], cells[:, 2]))


def from_vendor_map(
    document: Document, price: float, as_of_ns: int, width: float, source: str = "coinglass"
) -> LiquidationMap:
    """A map document around the price of `as_of_ns`, in buckets of `width`; errors as above."""
    data = _data(document)
    rows = data.get("data", data)
    if not isinstance(rows, Mapping):
        raise DataError(f"expected levels by price, found {type(rows).__name__}")
    try:
        levels = [(float(row[0]), float(row[1])) for group in rows.values() for row in group]
    except (IndexError, TypeError, ValueError) as error:
        raise DataError(f"expected [price, dollars, ...], found {error!r}") from error
    columns = np.array(levels, np.float64).reshape(-1, 2)
    return _map(source, as_of_ns, width, price, (columns[:, 0], columns[:, 1]))


def _data(document: Document) -> Document:
    if str(document.get("code", "0")) != "0":
        raise DataError(f"expected code 0, found {document.get('code')!r}: {document.get('msg')!r}")
    data = document.get("data")
    if not isinstance(data, Mapping):
        raise DataError(f"expected an object under data, found {type(data).__name__}")
    return data


def _map(
    source: str, as_of_ns: int, width: float, price: float, levels: tuple[Floats, Floats]
) -> LiquidationMap:
    prices, usd = levels
    below = prices < price
    longs, shorts = (prices[below], usd[below]), (prices[~below], usd[~below])
    return liquidation_map(source, as_of_ns, width, longs, shorts)
