"""Pure packages have no clock, randomness or I/O of their own; the check can fail."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PURE = (
    "domain",
    "timeline",
    "kernels",
    "ledger",
    "indicators",
    "stats",
    "flow",
    "decision",
    "risk",
    "execution",
    "engine",
    "simulator",
    "strategies",
)
IMPURE_MODULES = frozenset(
    [
        "asyncio",
        "concurrent",
        "fcntl",
        "http",
        "io",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "secrets",
        "select",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid",
        "aiohttp",
        "picows",
        "requests",
        "uvloop",
        "pyarrow",
        "duckdb",
        "polars",
        "structlog",
        "rich",
        "yaml",
    ]
)
IMPURE_CALLS = frozenset(
    {
        "open",
        "input",
        "print",
        "id",
        "hash",
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "np.random.default_rng",
        "np.random.seed",
        "np.random.random",
        "numpy.random.default_rng",
        "os.urandom",
        "np.load",
        "np.save",
        "np.fromfile",
    }
)


def impurities(source: str) -> Iterator[str]:
    """Every import or call of a module's source that a pure package must not make."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            names = []
        yield from (f"imports {name}" for name in names if name.split(".")[0] in IMPURE_MODULES)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPURE_CALLS:
            yield f"calls {ast.unparse(node.func)}"


def pure_files(package: Path) -> list[Path]:
    """Files that must be pure: the pure packages and each venue's codec."""
    files = [path for name in PURE for path in sorted((package / name).rglob("*.py"))]
    return files + sorted((package / "venues").glob("*/codec*.py"))


def test_pure_packages_are_pure(package: Path) -> None:
    found = [
        f"{path.relative_to(package)} {what}"
        for path in pure_files(package)
        for what in impurities(path.read_text())
    ]
    assert found == []


def test_the_pure_packages_exist(package: Path) -> None:
    assert {path.relative_to(package).parts[0] for path in pure_files(package)} >= set(PURE)


@pytest.mark.parametrize(
    "planted",
    [
        "import time",
        "import random",
        "from asyncio import sleep",
        "import os.path",
        "x = open('file')",
        "x = datetime.now()",
        "x = np.random.default_rng()",
        "x = hash('text')",
    ],
)
def test_a_planted_impurity_is_found(planted: str) -> None:
    assert list(impurities(planted))
