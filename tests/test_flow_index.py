"""The index of docs/flow names every page."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "flow"


@pytest.fixture(scope="module")
def tool() -> Any:
    path = ROOT / "tools" / "flow_index.py"
    spec = importlib.util.spec_from_file_location("flow_index", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_is_listed_once(tool: Any) -> None:
    written = (FOLDER / "README.md").read_text()
    assert written == tool.index(), "run: python tools/flow_index.py"
    listed = re.findall(r"\(([a-z0-9_]+)\.md\)", written)
    assert sorted(listed) == sorted({path.stem for path in FOLDER.glob("*.md")} - {"README"})


def test_a_row_is_a_title_and_a_sentence(tool: Any) -> None:
    page = "# Walls: large ones\n\nHow much | rests,\nand where. More words.\n\nAnd more."
    assert tool.first_words(page) == ("Walls: large ones", "How much \\| rests, and where.")
