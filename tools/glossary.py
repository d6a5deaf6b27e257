"""Write the generated part of docs/glossary.md: every package and module with its first sentence.

Run `python tools/glossary.py` after adding or renaming a module; a test keeps it true.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
MARK = "<!-- generated below: python tools/glossary.py -->"


def first_sentence(source: str) -> str:
    """The first sentence of a module's docstring, on one line."""
    text = " ".join((ast.get_docstring(ast.parse(source)) or "").split())
    sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    return sentence.replace("|", "\\|")


def rows(package: Path) -> list[tuple[str, str, str]]:
    """(name, where, meaning) of every package and module, in order of their path."""
    found = []
    for path in sorted(package.rglob("*.py")):
        place = path.parent.relative_to(package.parent)
        name = path.parent.name if path.name == "__init__.py" else path.stem
        if name.startswith("__") or path.parent == package:
            continue
        found.append((name, ".".join(place.parts), first_sentence(path.read_text())))
    return found


def rendered(package: Path, before: str) -> str:
    """The whole page: the hand-written part, then the table."""
    lines = [before.split(MARK)[0].rstrip(), "", MARK, "", "| name | in | what it is |"]
    lines.append("| --- | --- | --- |")
    lines += [f"| `{name}` | {place} | {text} |" for name, place, text in rows(package)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    GLOSSARY.write_text(rendered(ROOT / "src" / "undertow", GLOSSARY.read_text()))
