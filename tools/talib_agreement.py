"""Write docs/indicators/talib.md: how far each indicator is from TA-Lib, and what only TA-Lib has.

Run `python -m tools.talib_agreement`; a test keeps the rows true, not the digits.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import talib
from tests.indicators import talib_comparison
from tests.indicators.talib_comparison import (
    DEGENERATE,
    RANDOM,
    RECORDED,
    Columns,
    compare,
    warmups,
)
from tests.indicators.talib_rows import TalibRow, all_rows

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "indicators" / "talib.md"
DATA = ROOT.parent / "shared" / "data"

HEAD = """# Agreement with TA-Lib

Written by `python -m tools.talib_agreement`. Every row is one indicator with one choice of
parameters beside the TA-Lib function of the same definition (Python wrapper {version}). A number
is the largest difference past both warm-ups: on three random walks; on degenerate bars (constant,
flat stretches, gaps of a fifth, a coarse grid, no volume, prices around 1e9 and 1e-4, two bars);
and on 12,000 recorded bars of BTC and ETH (5 minutes and 1 minute, quiet and in a crash). 0 means
the same bits. Tests ask for 1e-9; a row that may be further apart says why.

{rule}

Warm-ups are bars before the first answer, ours / TA-Lib's. Where only one of the two has a
number, the note says so: here NaN stands wherever nothing is defined, TA-Lib often answers 0.

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


def texts(row: TalibRow) -> tuple[str, str, str, str, str]:
    """The cells of a row that do not depend on measuring."""
    ours, theirs = warmups(row)
    settings = ", ".join(f"{key}={value:g}" for key, value in row.settings.items())
    note = row.note
    if row.not_on:
        note += f" (not on: {', '.join(row.not_on)})"
    return f"`{row.name}`", row.function, settings, f"{ours} / {theirs}", note


def largest(row: TalibRow, sets: Mapping[str, Callable[[], Columns]]) -> str:
    """The largest difference over some sets of bars."""
    found = [
        compare(row, make()).difference for name, make in sets.items() if name not in row.not_on
    ]
    return f"{max(found):.0e}" if max(found) else "0"


def line(row: TalibRow) -> str:
    """A row of the page, measured."""
    name, function, settings, warmup, note = texts(row)
    recorded = "not measured"
    if DATA.is_dir():
        sets = {name: partial(talib_comparison.recorded_bars, DATA, name) for name in RECORDED}
        recorded = largest(row, sets)
    differences = (largest(row, RANDOM), largest(row, DEGENERATE), recorded)
    return "| " + " | ".join((name, function, settings, *differences, warmup, note)) + " |"


def rendered(rows: list[TalibRow], lines: Iterable[str]) -> str:
    """The whole page."""
    rule = (talib_comparison.__doc__ or "").partition("\n\n")[2].strip()
    kinds = len({row.name for row in rows})
    functions = len({row.function for row in rows})
    parts = [
        HEAD.format(version=talib.__version__, rule=rule),
        f"{kinds} indicators, {functions} functions, {len(rows)} rows.\n\n",
        "| indicator | TA-Lib | settings | random | degenerate | recorded | warm-up | note |\n",
        "| --- | --- | --- | ---: | ---: | ---: | --- | --- |\n",
        "\n".join(lines),
        "\n\n## What TA-Lib has and Undertow does not\n\n| function | why |\n| --- | --- |\n",
        "\n".join(f"| {name} | {why} |" for name, why in missing(rows).items()),
        "\n",
    ]
    return "".join(parts)


if __name__ == "__main__":
    every = all_rows()
    PAGE.write_text(rendered(every, [line(row) for row in every]))
