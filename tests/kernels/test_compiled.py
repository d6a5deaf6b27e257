"""Compiled kernels compute, and a change of any source they are made of begins a new cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled, sources_digest, sources_of_module


def double(values: NDArray[np.int64]) -> int:
    total = 0
    for i in range(len(values)):
        total += 2 * int(values[i])
    return total


def test_a_compiled_function_computes_what_the_plain_one_does() -> None:
    values = np.arange(5)
    assert compiled(double)(values) == double(values) == 20


def _digest_of_copy(package: Path, folder: Path, change: str) -> str:
    shutil.copytree(package, folder / "undertow", ignore=shutil.ignore_patterns("__pycache__"))
    if change:
        path = folder / "undertow" / change
        path.write_text(path.read_text() + "\n# changed\n")
    code = (
        "from undertow.kernels.compiled import sources_digest;"
        "print(sources_digest('undertow.kernels.flow.advance'))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    return shown.stdout.strip()


def test_the_digest_follows_every_source(package: Path, tmp_path: Path) -> None:
    same = _digest_of_copy(package, tmp_path / "same", "")
    layout = _digest_of_copy(package, tmp_path / "layout", "kernels/flow/layout.py")
    row = _digest_of_copy(package, tmp_path / "row", "domain/market_event.py")
    other = _digest_of_copy(package, tmp_path / "other", "kernels/cells/delay.py")
    assert same == sources_digest("undertow.kernels.flow.advance") == other
    assert len({same, layout, row}) == 3


def test_a_kernel_is_made_of_what_it_imports_and_what_that_imports() -> None:
    made_of = sources_of_module("undertow.kernels.steps.averages")
    for name in ("kernels.steps.averages", "kernels.cells.average", "kernels.fused"):
        assert f"undertow.{name}" in made_of
    assert "undertow.kernels.flow.layout" not in made_of
    assert "undertow.domain.bar" in sources_of_module("undertow.kernels.flow.advance")


def test_a_users_own_kernel_is_made_of_all_kernels() -> None:
    assert set(sources_of_module("undertow.kernels.flow.advance")) <= set(sources_of_module("mine"))
    assert "undertow.kernels.cells.delay" in sources_of_module("mine")
