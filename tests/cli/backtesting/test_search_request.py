"""From switches to a search; the commands' own tests run whole searches."""

import argparse
from pathlib import Path

import pytest

from undertow.backtest.executor import SerialExecutor
from undertow.backtest.process_executor import ProcessExecutor
from undertow.cli.backtesting.judged import LEDGER
from undertow.cli.backtesting.search_request import search_place, search_request
from undertow.cli.commands import hyperopt_command
from undertow.domain.errors import ConfigurationError


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    hyperopt_command.add_arguments(parser)
    return parser.parse_args(["-s", "ema_cross", "--data", "synthetic", *words])


def test_settings_from_switches() -> None:
    found = search_request(
        parsed("-e", "9", "--sampler", "nsga2", "--loss", "sharpe", "calmar", "--random-state", "2",
               "--batch", "3", "--min-trades", "4", "--fills", "base", "--duration", "60")
    )  # fmt: skip
    assert (found.search.tries, found.search.sampler, found.search.seed) == (9, "nsga2", 2)
    assert (found.search.batch, found.search.least_trades) == (3, 4)
    assert found.search.losses == ("sharpe", "calmar")
    assert found.settings.fills == "base"


def test_one_strategy_at_a_time() -> None:
    with pytest.raises(ConfigurationError, match="expected one strategy"):
        search_request(parsed("-s", "ema_cross:default", "--duration", "60"))


def test_where_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path / "home"))
    with search_place(parsed("-j", "2", "--json")) as place:
        assert isinstance(place.executor, ProcessExecutor)
        assert place.executor.jobs == 2
        assert place.ledger is not None
        assert place.ledger.count() == 0
        assert place.at_ns > 0
        assert place.progress is None
    with search_place(parsed("--json"), tmp_path / "journal") as place:
        assert isinstance(place.executor, SerialExecutor)
        assert place.journal == tmp_path / "journal"
    assert (tmp_path / "home" / LEDGER).exists()
