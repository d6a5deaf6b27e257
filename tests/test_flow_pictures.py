"""Pages and pictures of docs/flow keep together, and the tool that draws them does."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "flow"
REFERENCE = re.compile(r"!\[[^\]]+\]\((pictures/[a-z0-9_]+\.png)\)")


@pytest.fixture(scope="module")
def tool() -> Any:
    path = ROOT / "tools" / "flow_pictures.py"
    spec = importlib.util.spec_from_file_location("flow_pictures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _width(path: Path) -> int:
    # The header of a PNG begins with its width.
    return int.from_bytes(path.read_bytes()[16:20], "big")


def test_every_page_has_the_picture_of_its_name(tool: Any) -> None:
    run = "run: python tools/flow_pictures.py"
    for name in tool.pages():
        found = REFERENCE.findall((FOLDER / f"{name}.md").read_text())
        assert f"pictures/{name}.png" in found, name
        for reference in found:
            assert (FOLDER / reference).exists(), f"{reference}; {run}"
        assert name in tool.DRAWN, name


def test_every_picture_has_its_page_and_is_small(tool: Any) -> None:
    for path in tool.PICTURES.glob("*.png"):
        assert path.stem in tool.pages(), path.name
        assert path.stat().st_size <= tool.MOST_BYTES, path.name
        assert _width(path) >= 1200, path.name


def test_pictures_are_drawn(tool: Any, tmp_path: Path) -> None:
    scene = tool.played(hours=0.6)
    for name in ("behaviour", "bars", "price_impact", "trade_intensity", "vpin", "asset_series"):
        path = tmp_path / f"{name}.png"
        assert tool.draw(tool.DRAWN[name](scene), path) == path.stat().st_size
    assert _width(tmp_path / "vpin.png") >= 1200


def test_a_page_that_nobody_can_draw_is_named(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "DRAWN", {})
    with pytest.raises(SystemExit, match="walls"):
        tool.main(["walls"])
