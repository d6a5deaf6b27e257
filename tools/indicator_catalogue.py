"""Write docs/indicators/catalogue.md: every indicator with its parameters, inputs and outputs.

Run `python -m tools.indicator_catalogue` after adding or changing one; a test keeps it true.
"""

from math import isfinite
from pathlib import Path

from undertow.indicators.indicator import Parameter
from undertow.indicators.registry import FAMILIES, INDICATORS
from undertow.indicators.step_indicator import StepIndicator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "indicators" / "catalogue.md"
HEAD = """# Catalogue of indicators

Written by `python -m tools.indicator_catalogue` from what the indicators say of themselves;
`undertow list indicators` prints the same. How to use them is told in
[indicators](../indicators.md), how they compare with TA-Lib in [TA-Lib](talib.md). The first
output is always `value`.

"""


def limits(one: Parameter) -> str:
    """The values a parameter may have."""
    return f"{one.least:g} to {one.most:g}" if isfinite(one.most) else f"{one.least:g} up"


def row(kind: type[StepIndicator]) -> str:
    """One line of the table."""
    parameters = "; ".join(
        f"`{one.name}` {one.default:g} ({limits(one)}): {one.text}" for one in kind.parameters
    )
    cells = (
        f"`{kind.name}`",
        kind.summary,
        parameters,
        ", ".join(kind.inputs),
        ", ".join(kind.outputs[1:]),
        kind.source,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def rendered() -> str:
    """The whole page."""
    lines = [f"{len(INDICATORS)} indicators in {len(FAMILIES)} families."]
    for family, kinds in FAMILIES.items():
        lines += ["", f"## {family.replace('_', ' ')} ({len(kinds)})", ""]
        lines.append("| name | what it is | parameters | inputs | further outputs | source |")
        lines.append("| --- | --- | --- | --- | --- | --- |")
        lines += [row(kind) for kind in kinds]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(rendered())
