"""Write docs/stats/reference.md and the lazy names of undertow.stats from the modules themselves.

Run `python tools/stats_reference.py` after adding or renaming a function; a test keeps both true.
What a docstring must hold is said in docs/stats.md.
"""

import ast
import re
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "undertow" / "stats"
PAGE = ROOT / "docs" / "stats" / "reference.md"
MOST_COLUMNS = 100
HEAD = """# Reference of undertow.stats

Every public name with its signature, what it is and where it comes from. Made by
`python tools/stats_reference.py` from the docstrings, which say more: units, shapes, what is
undefined, what is refused. The rules: [stats](../stats.md).
"""
FACE = '''"""Statistics over plain arrays of floats; each function names its variant and its source.

Every public name can be imported from here; its module is loaded when it is first used, with
numpy and at most scipy behind it. Made by `python tools/stats_reference.py`.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
{imports}

# Module: names.
_TABLE = """
{homes}
"""
_HOMES = {{
    name: home
    for home, names in (line.split(": ") for line in _TABLE.strip().splitlines())
    for name in names.split()
}}

__all__ = sorted(_HOMES)


if not TYPE_CHECKING:  # a checker sees the imports above, and so a name that does not exist

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'undertow.stats' has no attribute {{name!r}}")
        return getattr(importlib.import_module("undertow.stats." + home), name)


def __dir__() -> list[str]:
    return __all__
'''


class Entry(NamedTuple):
    """One public name. signature: empty for a constant. source: empty where none is due."""

    module: str
    name: str
    signature: str
    first: str
    source: str
    is_function: bool


def entries(package: Path = PACKAGE) -> list[Entry]:
    """Every public function, class and constant, by module and then in order of definition."""
    found = []
    for path in sorted(package.glob("[a-z]*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            entry = _entry(path.stem, node, after)
            if entry is not None and not entry.name.startswith("_"):
                found.append(entry)
    return found


def _entry(module: str, node: ast.stmt, after: ast.stmt | None) -> Entry | None:
    if isinstance(node, ast.FunctionDef):
        text = ast.get_docstring(node) or ""
        return Entry(module, node.name, _signature(node), _first(text), _source(text), True)
    if isinstance(node, ast.ClassDef):
        text = ast.get_docstring(node) or ""
        return Entry(module, node.name, _fields(node), _first(text), _source(text), False)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        is_told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        text = ast.literal_eval(after.value) if is_told else ""  # type: ignore[union-attr]
        return Entry(module, name, "", _first(str(text)), "", False) if name.isupper() else None
    return None


def _signature(node: ast.FunctionDef) -> str:
    answer = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    return f"({ast.unparse(node.args)}){answer}"


def _fields(node: ast.ClassDef) -> str:
    fields = [part for part in node.body if isinstance(part, ast.AnnAssign)]
    return "(" + ", ".join(ast.unparse(part.target) for part in fields) + ")"


def _first(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split()).replace("*", "\\*")


def _source(text: str) -> str:
    found = re.search(r"^Source: (.*?)(?:\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()).replace("*", "\\*") if found else ""


def unsourced(found: list[Entry]) -> list[str]:
    """Public functions whose docstring has no first line or no line `Source: ...`."""
    return [
        f"{entry.module}.{entry.name}"
        for entry in found
        if not entry.first or (entry.is_function and not entry.source)
    ]


def clashing(found: list[Entry]) -> list[str]:
    """Names used twice or also the name of a module: such a name cannot be loaded lazily."""
    modules = {entry.module for entry in found}
    names = [entry.name for entry in found]
    return sorted({name for name in names if name in modules or names.count(name) > 1})


def rendered(found: list[Entry]) -> str:
    """The whole page."""
    parts = [HEAD]
    for module in dict.fromkeys(entry.module for entry in found):
        parts.append(f"\n## {module}\n")
        for entry in found:
            if entry.module == module:
                source = f" *Source: {entry.source}*" if entry.source else ""
                parts.append(f"\n* `{entry.name}{entry.signature}`\n  {entry.first}{source}\n")
    return "".join(parts)


def lazy_face(found: list[Entry]) -> str:
    """The whole text of undertow/stats/__init__.py."""
    pairs = sorted(
        ((entry.module, _kind(entry.name), entry.name) for entry in found),
        key=lambda pair: (*pair[:2], pair[2].lower()),
    )
    table = [
        line for home in sorted({entry.module for entry in found}) for line in _names(home, pairs)
    ]
    return FACE.format(
        imports="\n".join(_import(home, name) for home, _, name in pairs), homes="\n".join(table)
    )


def _kind(name: str) -> int:
    # As the linter sorts within a module: constants, classes, functions.
    return 0 if name.isupper() else 1 if name[0].isupper() else 2


def _import(home: str, name: str) -> str:
    line = f"    from undertow.stats.{home} import {name} as {name}"
    if len(line) <= MOST_COLUMNS:
        return line
    return f"    from undertow.stats.{home} import (\n        {name} as {name},\n    )"


def _names(home: str, pairs: list[tuple[str, int, str]]) -> list[str]:
    names = " ".join(name for module, _, name in pairs if module == home)
    width = MOST_COLUMNS - len(home) - 2
    return [f"{home}: {line}" for line in textwrap.wrap(names, width, break_on_hyphens=False)]


if __name__ == "__main__":
    everything = entries()
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(rendered(everything), encoding="utf-8")
    (PACKAGE / "__init__.py").write_text(lazy_face(everything), encoding="utf-8")
    if wrong := clashing(everything) + unsourced(everything):
        sys.exit(f"written, but to be renamed or given a source: {', '.join(wrong)}")
