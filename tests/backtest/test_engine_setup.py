"""What a backtest changes of the engine that trades live, and what it leaves as it is."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.bar_data import bar_data
from undertow.backtest.engine_setup import (
    engine_config,
    limits_of,
    reporting_currency,
    traded_table,
    venue_config,
    wallets_of,
)
from undertow.backtest.settings import BacktestSettings
from undertow.domain.errors import ConfigurationError
from undertow.execution.execution_config import EntryStyle, ExecutionConfig
from undertow.risk.limits import RiskLimits
from undertow.risk.stake import Sizing
from undertow.simulator.queue_model import PowerQueue

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def data(make_candles: Make) -> Any:
    return bar_data({"ABC/USDT@one": make_candles(5), "ABC/USDT:USDT@two": make_candles(5)})


def config_of(data: Any, **settings: Any) -> Any:
    chosen = BacktestSettings(**settings)
    return engine_config(chosen, data, limits_of(chosen, data.table, [Cross()]), 60)


def test_by_default_risk_limits_are_those_of_a_live_run(data: Any) -> None:
    assert limits_of(BacktestSettings(), data.table, [Cross()]) == RiskLimits()
    config = config_of(data)
    assert config.execution.require_stops
    assert config.execution.default_policy.trail_ppm == ExecutionConfig().default_policy.trail_ppm


def test_a_stake_is_split_over_what_may_be_open(data: Any) -> None:
    limits = limits_of(BacktestSettings(stake="unlimited"), data.table, [Cross()])
    assert (limits.stake.sizing, limits.max_positions) == (Sizing.SHARE, 2)
    assert (limits.max_leverage, limits.stake.share_ppm) == (1, 990_000)


def test_research_lets_go_of_what_binds(data: Any) -> None:
    settings = BacktestSettings(is_research=True, stake="100", leverage=50)
    limits = limits_of(settings, data.table, [Cross()])
    assert limits.is_research
    assert (limits.max_leverage, limits.loss_streak) == (50, 0)
    assert not config_of(data, is_research=True, stake="100").execution.require_stops


def test_bars_are_never_silent_and_entries_go_to_market(data: Any) -> None:
    config = config_of(data)
    assert config.entries_at_market
    assert config.execution.default_policy.entry_style is EntryStyle.MARKET
    assert config.flow.source_timeout_ns > 10**18 // 2
    assert config.follow_every_s == config.review_every_s == 60


def test_money_is_split_over_venues(data: Any) -> None:
    assert reporting_currency(data.table) == "USDT"
    halves = {"one": {"USDT": "50"}, "two": {"USDT": "50"}}
    assert wallets_of(BacktestSettings(starting_balance=100), data.table) == halves
    own = {"one": {"USDT": "7"}}
    assert wallets_of(BacktestSettings(wallets=own), data.table) == own


def test_coins_must_be_said(make_candles: Make) -> None:
    data = bar_data(make_candles(5), "BTC/USD:BTC@one")
    with pytest.raises(ConfigurationError, match="settled in coins"):
        wallets_of(BacktestSettings(), data.table)


def test_fees_of_the_settings_win(data: Any) -> None:
    row = traded_table(data, BacktestSettings(fee=(0.0002, 0.00055)))[0]
    assert (row.fees.maker_ppm, row.fees.taker_ppm) == (200, 550)
    assert traded_table(data, BacktestSettings()) is data.table


def test_the_venue_takes_leverage_and_overrides(data: Any) -> None:
    settings = BacktestSettings(leverage=3, exchange={"participation_ppm": 7})
    found = venue_config(settings, data, limits_of(settings, data.table, [Cross()]))
    assert (found.leverage, found.participation_ppm) == (3, 7)


def test_plain_values_of_a_venue_become_its_models(data: Any) -> None:
    settings = BacktestSettings(exchange={"queue_model": {"type": "power", "exponent": 2.0}})
    found = venue_config(settings, data, limits_of(settings, data.table, [Cross()]))
    assert found.queue_model == PowerQueue(2.0)
    mistyped = BacktestSettings(exchange={"order_latncy": 1})
    with pytest.raises(ConfigurationError, match="did you mean 'order_latency'"):
        venue_config(mistyped, data, limits_of(mistyped, data.table, [Cross()]))
