from pathlib import Path

import pytest

from undertow.cli.home import home_folder


def test_the_environment_names_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERTOW_HOME", "/tmp/elsewhere")
    assert home_folder() == Path("/tmp/elsewhere")
    monkeypatch.setenv("UNDERTOW_HOME", "")
    assert home_folder() == Path("user_data")
