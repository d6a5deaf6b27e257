import json

import pytest

from undertow.cli.output import print_json, print_table


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1, "é"]})
    assert json.loads(capsys.readouterr().out) == {"a": [1, "é"]}


def test_a_table_shows_every_cell(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("Things", ["name", "value"], [["a[x]", 1], ["b", None]])
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("Things", "name", "value", "a[x]", "1", "b"))
