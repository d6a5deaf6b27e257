from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from undertow.cli import strategy_catalog
from undertow.cli.strategy_catalog import GROUP, configured, find, installed
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.strategies.ema_cross import EmaCross

MINE = """
from undertow import Strategy

class Mine(Strategy):
    \"\"\"A user's own.\"\"\"
    speed: int = 3
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_bundled_strategies_come_through_the_entry_points() -> None:
    assert list(installed()) == ["buy_and_hold", "ema_cross", "scalper"]
    assert find("ema_cross") is EmaCross


def test_an_entry_point_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = EntryPoint("wrong", "undertow.domain.side:Side", GROUP)
    monkeypatch.setattr(strategy_catalog, "entry_points", lambda group: [wrong])
    with pytest.raises(ConfigurationError, match="entry point wrong to be a Strategy class"):
        installed()


def test_a_users_file_is_loaded(mine: Path) -> None:
    kind = find(f"{mine}:Mine")
    assert kind().strategy_id == "mine"
    assert configured(f"{mine}:Mine", "default", {"speed": 5}).speed == 5  # type: ignore[attr-defined]  # its own


def test_a_file_is_read_anew_each_time(mine: Path) -> None:
    find(f"{mine}:Mine")
    mine.write_text(MINE.replace("3", "4"))
    assert find(f"{mine}:Mine")().speed == 4  # type: ignore[attr-defined]  # its own


def test_names_are_answered_with_the_nearest(mine: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'ema_cross'"):
        find("emacross")
    with pytest.raises(UnknownNameError, match="found 'Mne'; did you mean 'Mine'"):
        find(f"{mine}:Mne")
    with pytest.raises(UnknownNameError, match="found nothing at"):
        find(f"{mine.with_name('other.py')}:Mine")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def broken(:", "SyntaxError"),
        ("import nowhere_to_be_found", "ModuleNotFoundError: No module named"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_that_does_not_load_is_said(mine: Path, text: str, words: str) -> None:
    mine.write_text(text)
    with pytest.raises(ConfigurationError, match=words):
        find(f"{mine}:Mine")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"fst": 5}, "strategy ema_cross: unknown parameter 'fst'; did you mean 'fast'"),
        ({"fast": "five"}, "strategy ema_cross: Expected `int`, got `str`"),
    ],
)
def test_parameters_are_checked(parameters: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        configured("ema_cross", "default", parameters)
