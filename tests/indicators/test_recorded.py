"""Recorded 15-minute closes: both faces agree, and the published pass rates of the gate hold."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from undertow.indicators.hurst import Hurst
from undertow.indicators.registry import INDICATORS, make_indicator

pytestmark = pytest.mark.recorded


@pytest.fixture(scope="module")
def columns(recorded: Path) -> dict[str, NDArray[np.float64]]:
    path = recorded / "candles/binance_usdm_2023_2024/BTC_USDT_USDT-5m-futures.parquet"
    # The candles say nothing of buys, trades and means: those are made up from the others.
    table = pq.read_table(path, columns=["open", "high", "low", "close", "volume"])
    five = {name: table[name].to_numpy().astype(np.float64) for name in table.column_names}
    rows = {name: column[: len(column) // 3 * 3].reshape(-1, 3) for name, column in five.items()}
    high, low = rows["high"].max(axis=1), rows["low"].min(axis=1)
    close, volume = rows["close"][:, 2], rows["volume"].sum(axis=1)
    typical = (high + low + close) / 3.0
    buy = volume * np.where(high > low, (close - low) / np.maximum(high - low, 1e-9), 0.5)
    return {
        "open": rows["open"][:, 0],
        "high": high,
        "low": low,
        "close": close,
        "volume": volume,
        "buy_volume": buy,
        "sell_volume": volume - buy,
        "delta": 2.0 * buy - volume,
        "trades": np.ceil(volume),
        "vwap": typical,
        "hl2": (high + low) / 2.0,
        "hlc3": typical,
        "log_return": np.log(close / np.concatenate([close[:1], close[:-1]])),
    }


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_both_faces_give_the_same_bits(name: str, columns: dict[str, NDArray[np.float64]]) -> None:
    indicator = make_indicator(name)
    inputs = [columns[key][:1_500] for key in indicator.inputs]
    batch = indicator.batch(*inputs)["value"]
    stream = [indicator.update(*row) for row in np.stack(inputs, axis=1).tolist()]
    assert np.array(stream).tobytes() == batch.tobytes()


def test_the_hurst_gate_passes_no_more_than_published(
    columns: dict[str, NDArray[np.float64]],
) -> None:
    found = Hurst().batch(columns["close"])
    value, estimate = found["value"][99::25], found["estimate"][99::25]
    assert len(value) == 1_915
    assert np.mean(value > 0.55) == pytest.approx(0.034, abs=0.001)
    assert np.mean(estimate > 0.55) == pytest.approx(0.162, abs=0.001)
