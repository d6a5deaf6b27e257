"""The reference page and the lazy names say what the package holds; the package loads alone."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import undertow.stats

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "tools" / "stats_reference.py"
specification = importlib.util.spec_from_file_location("stats_reference", PLACE)
assert specification is not None
assert specification.loader is not None
tool = importlib.util.module_from_spec(specification)
sys.modules["stats_reference"] = tool
specification.loader.exec_module(tool)

ALONE = """
import sys
import undertow.stats
heavy = {"numba", "polars", "undertow.domain", "undertow.flow", "numpy", "scipy"}
assert not heavy & set(sys.modules), sorted(heavy & set(sys.modules))
for name in undertow.stats.__all__:
    getattr(undertow.stats, name)
heavy = {"numba", "polars", "pandas", "msgspec", "scipy", "arch", "sklearn", "undertow.flow"}
assert not heavy & set(sys.modules), sorted(heavy & set(sys.modules))
"""


def test_page_and_names_are_current() -> None:
    found = tool.entries()
    assert tool.PAGE.read_text() == tool.rendered(found), "run python tools/stats_reference.py"
    face = (tool.PACKAGE / "__init__.py").read_text()
    assert face == tool.lazy_face(found), "run python tools/stats_reference.py"


def test_every_function_says_its_source() -> None:
    assert tool.unsourced(tool.entries()) == []


def test_every_name_can_be_loaded_lazily() -> None:
    assert tool.clashing(tool.entries()) == []
    assert set(dir(undertow.stats)) == {entry.name for entry in tool.entries()}
    assert undertow.stats.sharpe is not None
    with pytest.raises(AttributeError, match="no attribute 'sharp'"):
        undertow.stats.sharp  # type: ignore[attr-defined] # noqa: B018


def test_the_package_loads_alone_and_answers_at_once() -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True, timeout=60)


def test_planted_faults_are_found(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text('def one():\n    """It is."""\n\ndef two():\n    pass\n')
    (tmp_path / "other.py").write_text(
        'def two():\n    """It is.\n\n    Source: Ours\n    (2026).\n    """\n\n'
        'MOST = 1\n"""Most."""\n'
    )
    found = tool.entries(tmp_path)
    assert tool.unsourced(found) == ["one.one", "one.two"]
    assert tool.clashing(found) == ["one", "two"]
    assert found[2].source == "Ours (2026)."
    assert found[3] == ("other", "MOST", "", "Most.", "", False)
