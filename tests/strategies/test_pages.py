"""The examples of the pages about decisions and strategies run."""

import re
from pathlib import Path

import pytest

from undertow.decision.strategy import Strategy


@pytest.mark.parametrize(
    ("page", "name"), [("decision.md", "Confluence"), ("strategies.md", "EmaCross")]
)
def test_the_examples_run(root: Path, page: str, name: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (root / "docs" / page).read_text(), re.DOTALL)
    space: dict[str, object] = {"__name__": "example"}
    for block in blocks:
        exec(compile(block, page, "exec"), space)  # the page is ours
    made = space[name]
    assert isinstance(made, type)
    assert issubclass(made, Strategy)


def test_the_page_example_is_the_bundled_strategy(root: Path) -> None:
    text = (root / "docs" / "strategies.md").read_text()
    source = (root / "src" / "undertow" / "strategies" / "ema_cross.py").read_text()
    for line in ('side = ctx.cross("fast", "slow", within=2)', 'return ctx.exit("crossed back")'):
        assert line in text
        assert line in source
