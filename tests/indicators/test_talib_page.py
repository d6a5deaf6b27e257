"""The page about TA-Lib has exactly the rows that are tested, and a reason for what is missing."""

from typing import Any

import talib
from tests.indicators.exact_values import EXACT
from tests.indicators.talib_comparison import LIMIT
from tests.indicators.talib_rows import all_rows
from tools import talib_agreement


def test_the_rows_of_the_page_are_those_tested() -> None:
    lines = talib_agreement.PAGE.read_text().splitlines()
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:3] == "| `"
    ]
    told = [(*row[:3], *row[6:]) for row in cells]
    assert told == [talib_agreement.texts(row) for row in all_rows()], (
        "run: python -m tools.talib_agreement"
    )
    numbers = [float(cell) for row in cells for cell in row[3:6] if cell != "not measured"]
    assert max(numbers) <= LIMIT


def test_the_exact_numbers_are_told_where_they_were_needed() -> None:
    part = talib_agreement.PAGE.read_text().partition("## Where TA-Lib's rounding")[2]
    lines = part.partition("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line[:1] == "|"]
    rows = cells[2:]
    assert {row[0] for row in rows} <= set(EXACT)
    assert all(float(row[5]) < LIMIT <= float(row[4]) for row in rows)  # of one digit each
    assert len(rows) > 20


def test_every_function_of_ta_lib_is_there_or_has_a_reason() -> None:
    absent = talib_agreement.missing(all_rows())
    page = talib_agreement.PAGE.read_text()
    for name, why in absent.items():
        assert f"| {name} | {why} |" in page
    library: Any = talib
    assert {row.function for row in all_rows()} | set(absent) == set(library.get_functions())
    assert not set(talib_agreement.REASONS) & {row.function for row in all_rows()}
