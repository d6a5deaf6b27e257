"""Every python block of the documents runs as it stands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{place}")
    for page in PAGES
    for place, block in enumerate(BLOCK.findall(page.read_text()))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_it_runs(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "a document", "exec"), {"__name__": "document"})


def test_the_first_screen_shows_a_strategy_in_twenty_lines() -> None:
    (block,) = BLOCK.findall((ROOT / "README.md").read_text())
    assert len([line for line in block.splitlines() if line.strip()]) <= 20
    assert block.count("import") == 1


def test_the_first_screen_shows_the_two_commands() -> None:
    first = (ROOT / "README.md").read_text().splitlines()[:25]
    assert any(line.startswith("make run") for line in first)
    assert any(line.startswith("make test") for line in first)
