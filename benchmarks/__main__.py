"""Run the measurements, print them, and write benchmarks/RESULTS.md.

`python -m benchmarks` runs all; `python -m benchmarks indicators decoding` only those, and leaves
the other sections of the page as they are.
"""

import sys
from importlib import import_module
from pathlib import Path

from benchmarks import machine
from benchmarks.result import Result

RESULTS = Path(__file__).with_name("RESULTS.md")
MODULES = (
    "flow_path",
    "book_looks",
    "bars",
    "decoding",
    "many_instruments",
    "live_measures",
    "ofi_delay",
    "indicators",
)
HEAD = """# Results

Written by `make bench`. Best and median of repeated runs after a warm-up, one process, the rows
that miss their budget included.

"""


def number(value: float) -> str:
    """Three digits of what is small, whole numbers of what is large."""
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def section(name: str, results: list[Result]) -> str:
    """One module's table under its name, with the machine it ran on."""
    facts = ", ".join(f"{key} {value}" for key, value in machine.description().items())
    lines = [f"## {name}", "", f"{facts}.", ""]
    lines += ["| what | best | median | budget | note |", "| --- | ---: | ---: | --- | --- |"]
    for one in results:
        best, middle = (f"{number(value)} {one.unit}" for value in (one.best, one.median))
        lines.append(f"| {one.what} | {best} | {middle} | {one.budget} | {one.note} |")
    return "\n".join(lines) + "\n"


def sections(page: str) -> dict[str, str]:
    """The sections of a written page by name."""
    parts = [f"## {part}".rstrip() + "\n" for part in page.split("\n## ")[1:]]
    return {part.partition("\n")[0].removeprefix("## "): part for part in parts}


def main(names: list[str]) -> None:
    """Measure what is named, or everything; `peers` is a command of its own."""
    if names[:1] == ["peers"]:
        import_module("benchmarks.peers.command").main(names[1:])
        return
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        raise SystemExit(f"expected measurements of {', '.join(MODULES)}, found {unknown[0]!r}")
    kept = sections(RESULTS.read_text())
    found = kept if names else {name: kept[name] for name in ("peers",) if name in kept}
    for name in names or MODULES:
        results: list[Result] = []
        for one in import_module(f"benchmarks.{name}").measure():
            print(f"{one.what}: {number(one.best)} {one.unit} (median {number(one.median)})")
            results.append(one)
        found[name] = section(name, results)
    # The peers' section is written by its own command and stays as it is.
    order = [name for name in (*MODULES, "peers") if name in found]
    RESULTS.write_text(HEAD + "\n".join(found[name] for name in order))
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main(sys.argv[1:])
