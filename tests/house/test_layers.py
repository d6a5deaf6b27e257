"""The import contract holds, and would notice a violation."""

import shutil
import subprocess
import sys
from pathlib import Path

LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        LINT, cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": "src"}
    )


def _copy(root: Path, folder: Path) -> Path:
    shutil.copytree(root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", folder)
    return folder


def test_layers_hold(root: Path) -> None:
    result = _lint(root)
    assert result.returncode == 0, result.stdout + result.stderr


def test_upward_import_is_found(root: Path, tmp_path: Path) -> None:
    copy = _copy(root, tmp_path)
    target = copy / "src/undertow/domain/side.py"
    target.write_text(f"import undertow.engine.engine\n{target.read_text()}")
    result = _lint(copy)
    assert result.returncode != 0
    assert "undertow.domain.side -> undertow.engine.engine" in result.stdout


def test_sideways_import_is_found(root: Path, tmp_path: Path) -> None:
    copy = _copy(root, tmp_path)
    target = copy / "src/undertow/risk/refusal.py"
    target.write_text(f"import undertow.execution\n{target.read_text()}")
    assert _lint(copy).returncode != 0


def test_new_folder_must_be_placed(root: Path, tmp_path: Path) -> None:
    copy = _copy(root, tmp_path)
    folder = copy / "src/undertow/gadgets"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    assert _lint(copy).returncode != 0


def test_strategy_importing_the_engine_is_found(root: Path, tmp_path: Path) -> None:
    copy = _copy(root, tmp_path)
    target = copy / "src/undertow/strategies/__init__.py"
    target.write_text(f"{target.read_text()}\nimport undertow.execution\n")
    assert _lint(copy).returncode != 0
