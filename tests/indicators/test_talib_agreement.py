"""Every indicator that TA-Lib has too gives its numbers, within 1e-9 past the warm-up.

The rule for calling two numbers equal is at the head of `talib_comparison`.
"""

from pathlib import Path

import numpy as np
import pytest
from tests.indicators.talib_comparison import (
    DEGENERATE,
    LIMIT,
    RANDOM,
    RECORDED,
    Columns,
    compare,
    random_bars,
    recorded_bars,
    warmups,
)
from tests.indicators.talib_rows import TalibRow, all_rows

from undertow.indicators.registry import INDICATORS, make_indicator

ROWS = all_rows()
_TEXTS = [f"{row.name}-{row.function}-{','.join(map(str, row.settings.values()))}" for row in ROWS]
every = pytest.mark.parametrize("row", ROWS, ids=_TEXTS)


def check(row: TalibRow, name: str, columns: Columns) -> None:
    """The row agrees on one set of bars; only a note allows a number that only one of them has."""
    if name in row.not_on:
        return
    found = compare(row, columns)
    assert found.difference <= row.limit, name
    assert row.note or found.ours_only == found.theirs_only == 0, f"{name}: {found}"


@every
def test_it_agrees_on_random_bars(row: TalibRow) -> None:
    for name, make in RANDOM.items():
        check(row, name, make())
    assert compare(row, RANDOM["random 1"]()).compared > 300


@every
def test_it_agrees_on_degenerate_bars(row: TalibRow) -> None:
    for name, make in DEGENERATE.items():
        check(row, name, make())


@every
@pytest.mark.recorded
def test_it_agrees_on_recorded_bars(row: TalibRow, recorded: Path) -> None:
    for name in RECORDED:
        check(row, name, recorded_bars(recorded, name))


@every
def test_it_speaks_from_the_same_bar_on(row: TalibRow) -> None:
    ours, theirs = warmups(row)
    assert row.note or ours == theirs
    for count in (ours, ours + 1):
        columns = random_bars(11, count)
        indicator = make_indicator(row.name, row.settings)
        value = indicator.batch(*(columns[name] for name in indicator.inputs))["value"]
        assert np.isfinite(value).sum() == count - ours


def test_each_row_names_what_exists() -> None:
    for row in ROWS:
        kind = INDICATORS[row.name]
        assert {name for name in row.outputs if name} <= set(kind.outputs)
        assert set(row.settings) <= {parameter.name for parameter in kind.parameters}
        assert set(row.not_on) <= {*RANDOM, *DEGENERATE, *RECORDED}
        assert row.note or (not row.not_on and row.limit == LIMIT), "an exception says why"


def test_a_wrong_row_is_noticed() -> None:
    wrong = TalibRow("ema", "SMA", {"period": 5}, {"timeperiod": 5}, ("value",), ("close",))
    assert compare(wrong, random_bars(1)).difference > 1e3 * LIMIT
