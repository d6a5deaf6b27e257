"""Every indicator that TA-Lib has too gives its numbers, within 1e-9 past the warm-up.

The rule for calling two numbers equal is at the head of `talib_comparison`.
"""

from pathlib import Path

import numpy as np
import pytest
from tests.indicators.exact_cycles import exact_phases
from tests.indicators.exact_values import EXACT
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
from tests.indicators.talib_rows import MEASURED_AGAINST, TalibRow, all_rows

from undertow.indicators.registry import INDICATORS, make_indicator

ROWS = all_rows()
_TEXTS = [f"{row.name}-{row.function}-{','.join(map(str, row.settings.values()))}" for row in ROWS]
every = pytest.mark.parametrize("row", ROWS, ids=_TEXTS)


def check(row: TalibRow, name: str, columns: Columns) -> None:
    """The row agrees on one set of bars; only a note allows a number that only one of them has."""
    found = compare(row, columns)
    assert found.unsettled <= LIMIT, f"{name}: {found}"
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
    functions = {row.function for row in ROWS}
    assert set(MEASURED_AGAINST) | set(EXACT) <= functions


def test_where_ta_lib_alone_has_a_phase_there_is_none() -> None:
    close = DEGENERATE["flat stretches"]()["close"]
    phase = make_indicator("dominant_cycle_phase").batch(close)["value"]
    assert np.isnan(phase[63:]).any()
    assert np.array_equal(np.isnan(exact_phases(close))[63:], np.isnan(phase)[63:])


def test_a_wrong_row_is_noticed() -> None:
    wrong = TalibRow("ema", "SMA", {"period": 5}, {"timeperiod": 5}, ("value",), ("close",))
    found = compare(wrong, random_bars(1))
    assert found.unsettled == found.difference > 1e3 * LIMIT


def test_an_error_of_ours_is_not_taken_for_theirs() -> None:
    wrong = TalibRow(
        "linearreg", "LINEARREG_SLOPE", {"period": 5}, {"timeperiod": 6}, ("slope",), ("close",)
    )
    found = compare(wrong, random_bars(1))
    assert found.unsettled < LIMIT < found.their_error  # theirs has another period
    other = TalibRow(
        "linearreg", "LINEARREG_SLOPE", {"period": 5}, {"timeperiod": 5}, ("angle",), ("close",)
    )
    assert compare(other, random_bars(1)).unsettled > 1e3 * LIMIT
