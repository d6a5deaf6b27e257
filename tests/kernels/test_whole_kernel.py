"""Kernels compiled whole: parts answer inside and outside, and only what Python calls is kept."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from undertow.kernels.whole_kernel import WholeKernel, compiling_whole, whole_kernel


def scaled(value: float, times: int) -> float:
    return value * times


def checked(value: float) -> float:
    if value < 0.0:
        raise ValueError("below zero")
    return value


def told(value: float) -> float:
    print("heard", value)
    return value


def tree(cache: bool = False) -> tuple[WholeKernel, WholeKernel, WholeKernel]:
    """A root that calls two kernels, one of them through the other."""
    leaf: Any = whole_kernel(scaled, cache=cache)

    def middle(value: float, times: int) -> float:
        return float(leaf(value, times) + leaf(value, 2))

    inner: Any = whole_kernel(middle, cache=cache)

    def root(values: Any) -> float:
        total = 0.0
        for i in range(len(values)):
            total += inner(values[i], i)
        return total

    return whole_kernel(root, cache=cache), inner, leaf


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's kernels are kept."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


VALUES = np.array([1.0, 2.0, 3.5])
WANTED = float(sum(value * i + value * 2 for i, value in enumerate(VALUES)))


def test_a_kernel_with_parts_computes_what_python_does() -> None:
    root, _, _ = tree()
    assert root(VALUES) == WANTED


def test_a_part_answers_python_too() -> None:
    root, inner, leaf = tree()
    root(VALUES)
    assert leaf(2.5, 3) == 7.5
    assert inner(2.5, 3) == 12.5
    assert root(VALUES) == WANTED
    assert [str(kind) for kind in leaf.signatures[0]] == ["float64", "int64"]


def test_a_part_that_python_called_first_is_used_as_it_is() -> None:
    root, inner, leaf = tree()
    assert leaf(2.0, 4) == 8.0
    assert root(VALUES) == WANTED
    assert inner(1.0, 1) == 3.0


def test_a_number_in_the_source_is_no_type_of_its_own() -> None:
    root, _, leaf = tree()
    root(VALUES)
    assert len(leaf.signatures) == 1


def test_only_what_python_calls_is_kept(folder: Path) -> None:
    root, inner, leaf = tree(cache=True)
    assert not root.is_on_disk
    root(VALUES)
    assert [kernel.is_on_disk for kernel in (root, inner, leaf)] == [True, False, False]
    leaf(1.0, 1)
    assert leaf.is_on_disk
    assert sorted(path.name.split("-")[0].split(".")[-1] for path in folder.rglob("*.nbi")) == [
        "root",
        "scaled",
    ]


def test_kept_code_is_loaded_and_finished_parts_are_taken_from_it(folder: Path) -> None:
    leaf = tree(cache=True)[2]
    leaf(1.0, 1)
    again, inner, leaf = tree(cache=True)
    assert again(VALUES) == WANTED
    assert sum(leaf.stats.cache_hits.values()) == 1
    assert leaf(2.0, 2) == 4.0
    assert not inner.is_on_disk


def test_without_a_cache_nothing_is_kept() -> None:
    root, _, _ = tree()
    root(VALUES)
    assert not root.is_kept
    assert not root.is_on_disk


@pytest.mark.parametrize("function", [checked, told])
def test_errors_and_prints_of_a_part_come_out(
    function: Callable[[float], float], capfd: pytest.CaptureFixture[str]
) -> None:
    part: Any = whole_kernel(function)

    def root(value: float) -> float:
        return float(part(value) + 1.0)

    kernel = whole_kernel(root)
    assert kernel(1.5) == 2.5
    if function is told:
        assert capfd.readouterr().out == "heard 1.5\n"
        return
    with pytest.raises(ValueError, match="below zero"):
        kernel(-1.0)


def test_a_callback_takes_kernels_as_parts() -> None:
    leaf: Any = whole_kernel(scaled)

    def doubled(value: float) -> float:
        return float(leaf(value, 2))

    with compiling_whole():
        callback: Any = numba.cfunc("float64(float64)")(doubled)
    assert callback.ctypes(4.0) == 8.0
    assert leaf(4.0, 3) == 12.0


def test_the_collector_rests_while_compiling_and_comes_back() -> None:
    with compiling_whole():
        assert not gc.isenabled()
        with compiling_whole():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with compiling_whole():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
