import json

import pytest

from undertow import __version__
from undertow.cli.main import main


def test_version_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["undertow"] == __version__
