"""The glossary names every module, and its table is the one the tool makes."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def tool(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("glossary", root / "tools" / "glossary.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_glossary_is_up_to_date(tool: ModuleType, root: Path, package: Path) -> None:
    written = (root / "docs" / "glossary.md").read_text()
    assert written == tool.rendered(package, written), "run: python tools/glossary.py"


def test_a_missing_module_is_noticed(tool: ModuleType, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "undertow" / "gizmo"
    folder.mkdir(parents=True)
    (folder / "widget.py").write_text('"""A widget. It does nothing."""\n')
    page = tool.rendered(folder.parent, "")
    assert "| `widget` | undertow.gizmo | A widget. |" in page
