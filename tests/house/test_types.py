"""The type checker is strict, and would notice a violation."""

import subprocess
import sys
from pathlib import Path

import pytest

MYPY = str(Path(sys.executable).with_name("mypy"))


def _check(root: Path, folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    planted = folder / "planted.py"
    planted.write_text(source)
    command = [MYPY, "--config-file", str(root / "pyproject.toml"), "--cache-dir", str(folder)]
    return subprocess.run(
        [*command, str(planted)], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x):\n    return x\n", "no-untyped-def"),
        ("x: int = 'one'\n", "assignment"),
        ("x: list = []\n", "type-arg"),
    ],
)
def test_a_planted_violation_is_found(root: Path, tmp_path: Path, source: str, words: str) -> None:
    result = _check(root, tmp_path, source)
    assert result.returncode == 1
    assert words in result.stdout


def test_sound_code_passes(root: Path, tmp_path: Path) -> None:
    assert _check(root, tmp_path, "x: int = 1\n").returncode == 0
