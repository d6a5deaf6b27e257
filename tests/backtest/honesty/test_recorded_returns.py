"""Expected: returns of closes at full hours, worked from the columns written."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from undertow.backtest.honesty.recorded_returns import recorded_returns
from undertow.domain.errors import DataError


def _written(path: Path, minutes: int) -> np.ndarray:
    closes = 100.0 + np.sin(np.arange(minutes // 5))
    times = 1_672_531_200_000 + 300_000 * np.arange(len(closes))
    dates = pa.array(times, pa.timestamp("ms", "UTC"))
    parquet.write_table(pa.table({"date": dates, "close": closes}), path)
    return closes


def test_the_last_close_of_each_hour_counts(tmp_path: Path) -> None:
    path = tmp_path / "candles.parquet"
    closes = _written(path, 60 * 2_500)[11::12]
    assert np.allclose(recorded_returns(path), closes[1:] / closes[:-1] - 1.0)


def test_what_cannot_be_shuffled_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "candles.parquet"
    _written(path, 600)
    with pytest.raises(DataError, match="more than 2000 hours of candles, found 10"):
        recorded_returns(path)
    with pytest.raises(DataError, match="expected candles with date and close"):
        recorded_returns(tmp_path / "missing.parquet")
    parquet.write_table(pa.table({"date": [1], "price": [1.0]}), path)
    with pytest.raises(DataError, match="expected candles with date and close"):
        recorded_returns(path)
