"""A month of invented hourly candles, and settings of runs that trade them all in."""

from typing import Any

import pytest
from tests.backtest.conftest import candles

from undertow.backtest.bar_data import BarData, bar_data
from undertow.backtest.settings import BacktestSettings


@pytest.fixture(scope="session")
def hours() -> BarData:
    """600 hours: 25 days."""
    made: BarData = bar_data(candles(600, 3_600, seed=11), "ABC/USDT", timeframe="1h")
    return made


@pytest.fixture
def open_settings(research: dict[str, Any]) -> BacktestSettings:
    """No stops, all in, small fees."""
    return BacktestSettings(**{**research, "fee": (0.0002, 0.0002)})
