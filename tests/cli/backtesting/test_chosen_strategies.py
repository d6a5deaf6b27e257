import json
from pathlib import Path

import pytest

from undertow.cli.app_config import StrategyEntry
from undertow.cli.backtesting.chosen_strategies import chosen_strategies
from undertow.cli.backtesting.request import BacktestRequest
from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import parameter_values

SOURCE = """
from undertow import Strategy, integer

class Cross(Strategy):
    fast: int = integer(2, 50, default=12)
"""


@pytest.fixture
def entry(tmp_path: Path) -> StrategyEntry:
    """A strategy of a file in a folder of its own."""
    (tmp_path / "mine.py").write_text(SOURCE)
    return StrategyEntry(name=f"{tmp_path / 'mine.py'}:Cross")


def _fast(entry: StrategyEntry, params: str = "") -> tuple[object, tuple[str, ...]]:
    found = chosen_strategies(BacktestRequest(strategies=(entry,), data="synthetic", params=params))
    return parameter_values(found.strategies[0])["fast"], found.words


def _write(path: Path, fast: int) -> Path:
    content = {"strategy_name": "Cross", "params": {"buy": {"fast": fast}}}
    path.write_text(json.dumps(content))
    return path


def test_without_a_file_a_strategy_is_as_configured(entry: StrategyEntry) -> None:
    assert _fast(entry) == (12, ())


def test_the_file_beside_it_is_taken_and_told(entry: StrategyEntry, tmp_path: Path) -> None:
    beside = _write(tmp_path / "Cross.json", 20)
    assert _fast(entry) == (20, (f"parameters of cross are those of {beside}",))
    assert _fast(entry, "none") == (12, ())


def test_a_named_file_wins(entry: StrategyEntry, tmp_path: Path) -> None:
    _write(tmp_path / "Cross.json", 20)
    assert _fast(entry, str(_write(tmp_path / "other.json", 30)))[0] == 30


def test_a_named_file_must_be_there_and_fit(entry: StrategyEntry, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="found nothing at"):
        _fast(entry, str(tmp_path / "none.json"))
    with pytest.raises(ConfigurationError, match="expected fast from 2 to 50, found 99"):
        _fast(entry, str(_write(tmp_path / "wrong.json", 99)))
