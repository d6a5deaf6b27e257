import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from undertow.cli.main import COMMANDS, build_parser
from undertow.cli.why.order_story import OrderStory


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "cli.md").read_text()


def test_the_example_of_the_page_runs(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(block, "docs/cli.md", "exec"), {})
    assert "expected a journal folder" in capsys.readouterr().err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_is_documented(page: str, command: str) -> None:
    subparsers: Any = build_parser([command])._subparsers
    parser = subparsers._group_actions[0].choices[command]
    options = {option for action in parser._actions for option in action.option_strings}
    assert f"undertow {command}" in page
    for option in options - {"-h", "--help", "-c", "--config", "-s", "--strategy"}:
        assert option in page, f"{command} {option}"


def test_every_part_of_a_story_is_documented(page: str) -> None:
    for field in msgspec.structs.fields(OrderStory):
        assert f"`{field.name}`" in page


def test_json_keys_of_a_run_are_documented(page: str) -> None:
    run = ("signals", "refused", "trades", "ledger_balanced", "final_equity", "state_hash")
    replay = ("inputs", "sources", "book_check", "compared", "equal", "elapsed_s", "events_per_s")
    keys = [*run, *replay]
    assert [key for key in keys if f"`{key}`" not in page] == []
