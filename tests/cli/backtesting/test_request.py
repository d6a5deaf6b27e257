import argparse
from typing import Any

import pytest

from undertow.cli.app_config import AppConfig, BacktestSection
from undertow.cli.backtesting.request import BacktestRequest, fee_of, pairs_of, request_of
from undertow.cli.commands.backtesting_command import add_arguments
from undertow.domain.errors import ConfigurationError


def asked(*words: str) -> BacktestRequest:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return request_of(parser.parse_args(words), AppConfig())


def test_the_default_is_one_pessimistic_run_sized_by_risk() -> None:
    request = asked()
    assert request.fills == ("pessimistic",)
    assert (request.settings.stake, request.settings.is_research) == ("risk", False)
    assert request.settings.limits == AppConfig().engine.limits


@pytest.mark.parametrize(
    ("words", "field", "expected"),
    [
        (("--fee", "0.001"), "fee", (0.001, 0.001)),
        (("--fee", "0.0002,0.0005"), "fee", (0.0002, 0.0005)),
        (("--dry-run-wallet", "500"), "starting_balance", 500.0),
        (("--starting-balance", "500"), "starting_balance", 500.0),
        (("--stake-amount", "unlimited"), "stake", "unlimited"),
        (("--max-open-trades", "-1"), "max_open_trades", 0),
        (("--leverage", "3"), "leverage", 3),
        (("--startup", "20"), "warm_up_bars", 20),
        (("--feed-jitter",), "feed_jitter", True),
        (("--exchange", "queue_model=optimistic"), "exchange", {"queue_model": "optimistic"}),
        (("--funding", "0.0003,4"), "funding", "0.0003,4"),
        (("--research",), "is_research", True),
    ],
)
def test_switches_become_settings(words: tuple[str, ...], field: str, expected: Any) -> None:
    assert getattr(asked(*words).settings, field) == expected


def test_all_fills_are_three_runs() -> None:
    assert asked("--fills", "all").fills == ("pessimistic", "base", "optimistic")


def test_a_timeframe_is_that_of_strategies_and_data() -> None:
    request = asked("-i", "5m", "-p", "BTC/USDT", "--data", "somewhere")
    assert {entry.parameters["timeframe"] for entry in request.strategies} == {"5m"}
    assert (request.timeframe, request.pairs, request.data) == ("5m", ("BTC/USDT",), "somewhere")


def test_pairs_may_be_one_word() -> None:
    assert pairs_of(["BTC/USDT,ETH/USDT", "SOL/USDT"]) == ("BTC/USDT", "ETH/USDT", "SOL/USDT")
    assert pairs_of([".{2,3}/USDT"]) == (".{2,3}/USDT",)


def test_what_cannot_be_meant_is_said() -> None:
    with pytest.raises(ConfigurationError, match="--fills of pessimistic"):
        asked("--fills", "rosy")
    for text in ("a", "1,2,3", ""):
        with pytest.raises(ConfigurationError, match="--fee as a share"):
            fee_of(text)


def test_switches_win_over_the_configuration() -> None:
    own = {"queue_model": "optimistic", "participation_ppm": 5}
    config = AppConfig(backtest=BacktestSection(exchange=own, funding="none", feed_jitter=True))
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    settings = request_of(parser.parse_args([]), config).settings
    assert (settings.exchange, settings.funding, settings.feed_jitter) == (own, "none", True)
    words = ["--exchange", "participation_ppm=9", "--funding", "data"]
    settings = request_of(parser.parse_args(words), config).settings
    assert settings.exchange == {**own, "participation_ppm": 9}
    assert settings.funding == "data"
