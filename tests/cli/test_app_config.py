import msgspec
import pytest

from undertow.cli.app_config import (
    AppConfig,
    JournalSection,
    RunSection,
    StrategyEntry,
    journaled_text,
)
from undertow.cli.layered_config import LayeredConfig
from undertow.cli.logs import LogConfig
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.engine.engine_config import EngineConfig
from undertow.execution.execution_config import ExecutionConfig
from undertow.risk.limits import RiskLimits


def test_the_defaults_hold_together() -> None:
    config = AppConfig()
    assert [entry.strategy().strategy_id for entry in config.strategies] == ["scalper", "ema_cross"]
    # A bound in execution below that of risk would be the only one that is ever met.
    assert config.engine.execution.max_positions == config.engine.limits.max_positions


def test_the_journaled_text_is_enough_to_make_it_again() -> None:
    config = msgspec.convert({"run": {"seed": 3}, "market": {"assets": ["BTC"]}}, AppConfig)
    again = msgspec.json.decode(journaled_text(config), type=AppConfig)
    assert journaled_text(again) == journaled_text(config)
    assert (again.run.seed, again.market.assets, again.engine) == (3, ("BTC",), config.engine)


def test_what_does_not_touch_the_state_is_not_in_the_text() -> None:
    plain = AppConfig()
    other = AppConfig(
        run=RunSection(speed="max"), journal=JournalSection(checkpoint_every_s=5),
        logs=LogConfig("debug"),
    )  # fmt: skip
    assert journaled_text(other) == journaled_text(plain)
    assert journaled_text(AppConfig(run=RunSection(seed=8))) != journaled_text(plain)


def test_parameters_lie_over_the_preset() -> None:
    entry = StrategyEntry("ema_cross", parameters={"fast": 5}, label="quick")
    strategy = entry.strategy()
    assert msgspec.to_builtins(strategy)["fast"] == 5
    assert msgspec.to_builtins(strategy)["slow"] == 26
    assert strategy.strategy_id == "quick"


@pytest.mark.parametrize("speed", ["slow", 0, "-1"])
def test_a_speed_is_checked_at_once(speed: str | int) -> None:
    with pytest.raises(ConfigurationError, match="expected a speed"):
        RunSection(speed=speed)


def test_an_unknown_strategy_is_answered() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'scalper'"):
        StrategyEntry("scaler").strategy()


def test_money_at_a_venue_that_is_not_there_is_refused() -> None:
    wallets = {"aster": {"USDT": "1"}, "binance": {"USDT": "1"}}
    assert AppConfig(engine=EngineConfig(wallets=wallets)).engine.wallets == wallets
    with pytest.raises(ConfigurationError, match="found 'astre'; did you mean 'aster'"):
        AppConfig(engine=EngineConfig(wallets={"astre": {"USDT": "1"}}))


@pytest.mark.parametrize(
    "engine",
    [
        EngineConfig(limits=RiskLimits(is_research=True)),
        EngineConfig(execution=ExecutionConfig(require_stops=False)),
    ],
)
def test_nothing_is_traded_without_stops(engine: EngineConfig) -> None:
    with pytest.raises(ConfigurationError, match="is_research false"):
        AppConfig(engine=engine)


def test_models_of_backtests_are_checked_with_the_rest() -> None:
    config = LayeredConfig(AppConfig)
    config.add_layer({"backtest": {"exchange": {"queue_modl": "optimistic"}}}, "here")
    with pytest.raises(ConfigurationError, match="did you mean 'queue_model'"):
        config.build()
