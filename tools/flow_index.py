"""Write docs/flow/README.md: every page of docs/flow with its title and its first sentence.

Run `python tools/flow_index.py` after adding a page; a test keeps it true.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "flow"
HEAD = """# Measures of the order flow

One page each: what it is, formula, source, units, parameters, pitfalls, an example that runs. How
they are kept: [flow](../flow.md), [flow analysis](../flow_analysis.md). How they are drawn:
[plot](../plot.md). To see them: `undertow flow BTC`.

| page | what it says |
| --- | --- |
"""


def index(folder: Path = FOLDER) -> str:
    """The whole page."""
    rows = []
    for path in sorted(folder.glob("*.md")):
        if path.stem != "README":
            title, text = first_words(path.read_text(encoding="utf-8"))
            rows.append(f"| [{title}]({path.name}) | {text} |\n")
    return HEAD + "".join(rows)


def first_words(page: str) -> tuple[str, str]:
    """A page's title and the first sentence after it, fit for a cell of a table."""
    title, *paragraphs = [part for part in page.split("\n\n") if part.strip()]
    words = " ".join(paragraphs[0].split())
    sentence = re.split(r"(?<=[.!?])\s", words, maxsplit=1)[0]
    return title.removeprefix("# ").strip(), sentence.replace("|", "\\|")


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
