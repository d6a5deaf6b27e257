from pathlib import Path

import pytest

from undertow.cli.strategy_catalog import configured, find, installed
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.strategies.ema_cross import EmaCross

SOURCE = '''
from undertow import Strategy


class Mine(Strategy):
    """A user's own."""

    level: float = 1.0
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.py"
    path.write_text(SOURCE)
    return path


def test_bundled_strategies_come_through_the_same_door() -> None:
    assert list(installed()) == ["ema_cross", "scalper"]
    assert find("ema_cross") is EmaCross


def test_a_users_file_is_a_strategy_too(file: Path) -> None:
    made = configured(f"{file}:Mine", "default", {"level": 2.5}, "second")
    assert (made.name, made.strategy_id) == ("mine", "second")
    assert made.level == 2.5  # type: ignore[attr-defined]  # of the file's class


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("emacross", "did you mean 'ema_cross'"),
        ("nowhere.py:Mine", "found nothing at nowhere.py"),
    ],
)
def test_unknown_names_suggest(name: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        find(name)


def test_a_wrong_class_in_a_file_suggests(file: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Mine'"):
        find(f"{file}:Minee")


def test_parameters_are_checked() -> None:
    with pytest.raises(ConfigurationError, match="unknown parameter 'fastt'; did you mean 'fast'"):
        configured("ema_cross", "default", {"fastt": 3})
    with pytest.raises(ConfigurationError, match="strategy ema_cross"):
        configured("ema_cross", "default", {"fast": "soon"})
    with pytest.raises(UnknownNameError, match="preset"):
        configured("ema_cross", "embeded", {})
