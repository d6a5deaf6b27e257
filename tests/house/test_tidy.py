"""Names, lengths, test pairing and glossary; each rule is shown to find a planted violation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FORBIDDEN = ("manager", "util", "utils", "helper", "helpers", "base", "common", "core", "misc")
MOST_FILE_LINES = 600
MOST_FUNCTION_LINES = 70
MOST_POSITIONAL = 5
KERNEL_DECORATORS = ("compiled", "inlined", "cell")


def bad_names(paths: list[Path]) -> list[str]:
    """Files and folders whose name says nothing."""
    return [str(path) for path in paths if set(re.split(r"[_.]", path.stem)) & set(FORBIDDEN)]


def long_parts(name: str, source: str) -> Iterator[str]:
    """Files and functions over their limit, functions with too many positional parameters."""
    if source.count("\n") > MOST_FILE_LINES:
        yield f"{name}: {source.count(chr(10))} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _long_function(name, node)


def _long_function(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    first = node.body[0]
    has_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = node.body[1].lineno if has_doc and len(node.body) > 1 else node.lineno
    lines = (node.end_lineno or node.lineno) - start + 1
    if lines > MOST_FUNCTION_LINES:
        yield f"{name}:{node.lineno} {node.name}: {lines} lines"
    if any(ast.unparse(mark) in KERNEL_DECORATORS for mark in node.decorator_list):
        return
    names = [arg.arg for arg in node.args.posonlyargs + node.args.args]
    positional = [arg for arg in names if arg not in ("self", "cls")]
    if len(positional) > MOST_POSITIONAL:
        yield f"{name}:{node.lineno} {node.name}: {len(positional)} positional parameters"


def untested(package: Path, tests: Path) -> list[str]:
    """Modules with content but without a test file of their own name."""
    named = {path.stem.removeprefix("test_") for path in tests.rglob("test_*.py")}
    return [
        str(path.relative_to(package))
        for path in sorted(package.rglob("*.py"))
        if path.name not in ("__init__.py", "__main__.py") and path.stem not in named
    ]


def unlisted_words(package: Path, glossary: str) -> list[str]:
    """Packages and modules whose name the glossary does not have."""
    known = set(re.findall(r"`([a-z0-9_]+)`", glossary))
    names = {path.stem for path in package.rglob("*.py") if not path.stem.startswith("__")}
    names |= {path.name for path in package.rglob("*") if (path / "__init__.py").exists()}
    return sorted(names - known)


def undocumented_packages(package: Path, docs: Path) -> list[str]:
    """Packages without a page."""
    names = [path.name for path in sorted(package.iterdir()) if (path / "__init__.py").exists()]
    return [name for name in names if not (docs / f"{name}.md").exists()]


def sources(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def test_names(package: Path) -> None:
    folders = [path for path in package.rglob("*") if path.is_dir()]
    assert bad_names([path.relative_to(package) for path in sources(package) + folders]) == []
    assert bad_names([Path("order_manager.py"), Path("core"), Path("base.py")])


def test_lengths(package: Path, root: Path) -> None:
    files = sources(package) + sorted((root / "tests").rglob("*.py"))
    found = [
        what for path in files for what in long_parts(str(path.relative_to(root)), path.read_text())
    ]
    assert found == []
    long = "def f(a, b, c, d, e, g):\n" + "    x = 1\n" * 80
    assert len(list(long_parts("planted", long))) == 2
    assert list(long_parts("planted", "x = 1\n" * 601))


def test_each_module_has_its_test_file(package: Path, root: Path, tmp_path: Path) -> None:
    assert untested(package, root / "tests") == []
    (tmp_path / "lonely.py").write_text("x = 1\n")
    assert untested(tmp_path, tmp_path) == ["lonely.py"]


def test_glossary_has_every_name(package: Path, root: Path, tmp_path: Path) -> None:
    glossary = (root / "docs" / "glossary.md").read_text()
    assert unlisted_words(package, glossary) == []
    (tmp_path / "gizmo.py").write_text("")
    assert unlisted_words(tmp_path, glossary) == ["gizmo"]


def test_each_package_has_its_page(package: Path, root: Path, tmp_path: Path) -> None:
    assert undocumented_packages(package, root / "docs") == []
    (tmp_path / "gizmo").mkdir()
    (tmp_path / "gizmo" / "__init__.py").write_text("")
    assert undocumented_packages(tmp_path, root / "docs") == ["gizmo"]


def test_no_registry_address_and_no_machine_path(root: Path) -> None:
    names = ("pyproject.toml", "requirements.lock", "Makefile", "README.md", ".ci/run")
    text = "\n".join((root / name).read_text() for name in names)
    assert not re.search(r"--index-url|--extra-index-url|files\.pythonhosted|/home/|/root/", text)
