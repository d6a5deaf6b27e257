"""Hourly returns of real candles, to be shuffled: their law is kept, their order is not."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError

_HOUR_NS = 3_600 * 10**9
LEAST = 2_000


def recorded_returns(path: Path) -> NDArray[np.float64]:
    """From the columns `date` and `close` of a Parquet file of candles of at most an hour.

    The last close of each hour counts; hours without candles are passed over. Raises `DataError`
    for a file without these columns or with fewer than 2,000 hours.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(path, columns=["date", "close"])
        times = table["date"].cast(pa.timestamp("ns", "UTC")).cast(pa.int64()).to_numpy()
        closes = table["close"].to_numpy().astype(np.float64)
    except (OSError, KeyError, pa.ArrowException) as error:
        raise DataError(f"expected candles with date and close in {path}, found {error}") from None
    hours = times // _HOUR_NS
    is_last = np.concatenate([hours[1:] != hours[:-1], [True]]) if len(hours) else hours == 0
    hourly = closes[is_last & (closes > 0.0)]
    if len(hourly) <= LEAST:
        raise DataError(f"expected more than {LEAST} hours of candles, found {len(hourly)}")
    return np.asarray(hourly[1:] / hourly[:-1] - 1.0)
