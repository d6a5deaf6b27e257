from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pytest

from undertow.cli.app_config import AppConfig
from undertow.cli.backtesting.market_source import DEMO_ASSETS, open_market
from undertow.cli.backtesting.request import BacktestRequest
from undertow.domain.errors import UndertowError
from undertow.timeline.market_data import DataFidelity


def request(data: str, *pairs: str) -> BacktestRequest:
    return BacktestRequest(strategies=(), data=data, pairs=pairs, duration_s=5)


def test_the_synthetic_market_is_small_and_says_what_it_is() -> None:
    opened = open_market(request("synthetic"), AppConfig())
    assert set(opened.data.table.assets) == set(DEMO_ASSETS)
    assert "seed 7" in opened.understood[0]
    one = open_market(request("synthetic", "SOL/USDT"), AppConfig())
    assert one.data.table.assets == ("SOL",)


def test_a_file_of_candles_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "binance" / "BTC_USDT-5m.feather"
    path.parent.mkdir()
    times = pa.array(np.arange(100) * 300_000 + 1_700_000_100_000, pa.timestamp("ms", "UTC"))
    prices = {name: np.full(100, 100.5) for name in ("open", "high", "low", "close")}
    feather.write_feather(pa.table({"date": times, **prices, "volume": np.ones(100)}), path)
    opened = open_market(request(str(path)), AppConfig())
    assert opened.data.fidelity is DataFidelity.BARS
    assert opened.data.table[0].symbol == "BTC/USDT"


def test_nothing_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndertowError, match="--data synthetic"):
        open_market(request(str(tmp_path / "none")), AppConfig())
