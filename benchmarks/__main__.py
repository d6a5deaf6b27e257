"""Run every measurement, print it, and write benchmarks/RESULTS.md."""

from pathlib import Path

from benchmarks import decoding, flow_path, machine
from benchmarks.result import Result

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results

Written by `make bench`. Best and median of repeated runs after a warm-up, one process, the rows
that miss their budget included.

"""


def rendered(results: list[Result]) -> str:
    """The page."""
    facts = "".join(f"* {name}: {value}\n" for name, value in machine.description().items())
    lines = ["| what | best | median | budget | note |", "| --- | ---: | ---: | --- | --- |"]
    for one in results:
        best, middle = (f"{value:,.0f} {one.unit}" for value in (one.best, one.median))
        lines.append(f"| {one.what} | {best} | {middle} | {one.budget} | {one.note} |")
    return HEAD + facts + "\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Measure everything."""
    results: list[Result] = []
    for module in (flow_path, decoding):
        for result in module.measure():
            print(f"{result.what}: {result.best:,.0f} {result.unit} (median {result.median:,.0f})")
            results.append(result)
    RESULTS.write_text(rendered(results))
    print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
