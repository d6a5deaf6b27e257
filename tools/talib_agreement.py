"""Write docs/indicators/talib.md: how far each indicator is from TA-Lib, and what only TA-Lib has.

Run `python -m tools.talib_agreement`; a test keeps the rows true, not the digits.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import talib
from tests.indicators import talib_comparison
from tests.indicators.exact_values import EXACT
from tests.indicators.talib_comparison import (
    DEGENERATE,
    RANDOM,
    RECORDED,
    Columns,
    compare,
    warmups,
)
from tests.indicators.talib_rows import MEASURED_AGAINST, TalibRow, all_rows

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "indicators" / "talib.md"
DATA = ROOT.parent / "shared" / "data"

HEAD = """# Agreement with TA-Lib

Written by `python -m tools.talib_agreement`. Every row is one indicator with one choice of
parameters beside the TA-Lib function of the same definition (Python wrapper {version}). A number
is the largest difference past both warm-ups: on three random walks; on degenerate bars (constant,
flat stretches, gaps of a fifth, a coarse grid, no volume, prices around 1e9 and 1e-4, two bars);
and on 12,000 recorded bars of BTC and ETH (5 minutes and 1 minute, quiet and in a crash). 0 means
the same bits. Tests ask for 1e-9 of every row on every set, without exception; *against* tells what
the difference is measured against where not against the number itself.

{rule}

Warm-ups are bars before the first answer, ours / TA-Lib's. Where only one of the two has a
number, the note says so: here NaN stands wherever nothing is defined, TA-Lib often answers 0.

"""

SETTLED = """

## Where TA-Lib's rounding differs from its definition

The bars further apart than 1e-9; the table above is of all others. On each of these bars the number
here is within 1e-9 of the definition computed without rounding. While a price stands still TA-Lib's
phasor is what its running sums have kept, so MAMA and the trend mode follow noise there.

| TA-Lib | settings | bars of | ours and TA-Lib's | TA-Lib's and exact | ours and exact |
| --- | --- | --- | ---: | ---: | ---: |
"""

GROUPS: Mapping[str, str] = {
    "Math Operators": "arithmetic on columns: numpy has it",
    "Math Transform": "arithmetic on columns: numpy has it",
}
REASONS: Mapping[str, str] = {
    "MA": "a choice among averages, each of which is there by its own name",
    "MINMAX": "`min` and `max` by their own names",
    "MINMAXINDEX": "`minindex` and `maxindex` by their own names",
    "MAVP": "an average whose period is a column of its own; parameters here are constants",
}


def missing(rows: Iterable[TalibRow]) -> dict[str, str]:
    """TA-Lib's functions that no row has, with the reason."""
    known = {row.function for row in rows}
    found = {}
    library: Any = talib
    for group, functions in library.get_function_groups().items():
        for function in functions:
            if function not in known:
                found[function] = REASONS.get(function) or GROUPS[group]
    return found


def texts(row: TalibRow) -> tuple[str, ...]:
    """The cells of a row that do not depend on measuring."""
    ours, theirs = warmups(row)
    settings = ", ".join(f"{key}={value:g}" for key, value in row.settings.items())
    against = MEASURED_AGAINST.get(row.function, "")
    return f"`{row.name}`", row.function, settings, against, f"{ours} / {theirs}", row.note


def every_set() -> dict[str, dict[str, Callable[[], Columns]]]:
    """The sets of bars in the three columns of the page."""
    recorded: dict[str, Callable[[], Columns]] = {}
    if DATA.is_dir():
        recorded = {name: partial(talib_comparison.recorded_bars, DATA, name) for name in RECORDED}
    return {"random": dict(RANDOM), "degenerate": dict(DEGENERATE), "recorded": recorded}


def digits(value: float) -> str:
    """One digit, and a bare 0."""
    return f"{value:.0e}" if value else "0"


def line(row: TalibRow) -> str:
    """A row of the page, measured."""
    name, function, settings, against, warmup, note = texts(row)
    told = []
    for sets in every_set().values():
        found = [compare(row, make()).unsettled for make in sets.values()]
        told.append(digits(max(found)) if found else "not measured")
    return "| " + " | ".join((name, function, settings, *told, against, warmup, note)) + " |"


def settled_lines(row: TalibRow) -> list[str]:
    """The sets on which the exact numbers were needed, with everybody's distance."""
    found = []
    for sets in every_set().values():
        for name, make in sets.items():
            one = compare(row, make())
            if one.difference > one.unsettled:
                cells = (row.function, ", ".join(f"{k}={v:g}" for k, v in row.settings.items()))
                numbers = (one.difference, one.their_error, one.our_error)
                found.append("| " + " | ".join((*cells, name, *map(digits, numbers))) + " |")
    return found


def rendered(rows: list[TalibRow], lines: Iterable[str], settled: Iterable[str]) -> str:
    """The whole page."""
    rule = (talib_comparison.__doc__ or "").partition("\n\n")[2].strip()
    kinds = len({row.name for row in rows})
    functions = len({row.function for row in rows})
    parts = [
        HEAD.format(version=talib.__version__, rule=rule),
        f"{kinds} indicators, {functions} functions, {len(rows)} rows.\n\n",
        "| indicator | TA-Lib | settings | random | degenerate | recorded | against | warm-up |",
        " note |\n| --- | --- | --- | ---: | ---: | ---: | --- | --- | --- |\n",
        "\n".join(lines),
        SETTLED,
        "\n".join(settled),
        "\n\n## What TA-Lib has and Undertow does not\n\n| function | why |\n| --- | --- |\n",
        "\n".join(f"| {name} | {why} |" for name, why in missing(rows).items()),
        "\n",
    ]
    return "".join(parts)


if __name__ == "__main__":
    every = all_rows()
    told = [text for row in every if row.function in EXACT for text in settled_lines(row)]
    PAGE.write_text(rendered(every, [line(row) for row in every], told))
