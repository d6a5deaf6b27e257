"""Patterns of three and more candles: TA-Lib's values exactly, and each really found."""

from typing import Any

import numpy as np
import pytest
import talib
from numpy.typing import NDArray
from tests.indicators.candle_sets import candle_sets
from tests.indicators.talib_rows import TalibRow
from tests.indicators.talib_rows.candles import ROWS
from tests.kernels.steps.candle_examples import MANY, MIRRORED, THREE

from undertow.indicators.candle_formations import INDICATORS, MatHold
from undertow.indicators.registry import make_indicator

Column = NDArray[np.float64]
_BELOW_TOO = ("gap_side_by_side_white",)


@pytest.fixture(scope="module")
def sets() -> list[tuple[Column, ...]]:
    return candle_sets()


@pytest.mark.parametrize("row", [row for row in ROWS if row.name in THREE | MANY])
def test_every_value_is_that_of_ta_lib(row: TalibRow, sets: list[tuple[Column, ...]]) -> None:
    indicator = make_indicator(row.name, row.settings)
    function: Any = getattr(talib, row.function)
    signs = set()
    for prices in sets:
        found = indicator.batch(*prices)["value"][indicator.warmup :]
        theirs = function(*prices, **row.talib_settings)[indicator.warmup :]
        assert np.array_equal(found, theirs)
        signs |= set(np.sign(found).tolist())
    usual = {0.0, float(np.sign((THREE | MANY)[row.name][1]))}
    assert signs == ({-1.0, 0.0, 1.0} if row.name in (*MIRRORED, *_BELOW_TOO) else usual)


def test_a_trap_is_told_when_it_is_set_and_when_it_snaps(sets: list[tuple[Column, ...]]) -> None:
    for name in ("hikkake", "modified_hikkake"):
        found = np.concatenate([make_indicator(name).batch(*prices)["value"] for prices in sets])
        values = set(found[~np.isnan(found)].tolist())
        assert values == {-200.0, -100.0, 0.0, 100.0, 200.0}


def test_each_pattern_has_an_example() -> None:
    assert {kind.name for kind in INDICATORS} == {*THREE, *MANY}


def test_a_rest_may_give_way_more_or_less(sets: list[tuple[Column, ...]]) -> None:
    counts = [
        sum(int(np.nansum(MatHold(depth).batch(*prices)["value"])) for prices in sets)
        for depth in (0.1, 0.5, 1.0)
    ]
    assert counts[0] < counts[1] <= counts[2]
