"""Indicators that TA-Lib does not have, beside talipp where it follows the same formula.

Left out because talipp's formula is another one: its Klinger takes |2 (dm / cm - 1)| for the
published |2 dm / cm - 1|, its squeeze an exponential channel, its Schaff cycle plain averages.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.indicators.registry import make_indicator

Column = NDArray[np.float64]
Columns = dict[str, Column]
Bars = Callable[[int, int], Columns]

talipp: Any = pytest.importorskip("talipp.indicators", reason="talipp is not installed")
ohlcv: Any = pytest.importorskip("talipp.ohlcv", reason="talipp is not installed")


def _candles(b: Columns) -> list[Any]:
    names = ("open", "high", "low", "close", "volume")
    return [ohlcv.OHLCV(*row) for row in zip(*(b[name].tolist() for name in names), strict=True)]


def _number(value: Any, field: str) -> float:
    found = getattr(value, field) if field and value is not None else value
    return np.nan if found is None else float(found)


# ours, its settings, talipp's name, its settings, takes candles, fields of our outputs in order
ROWS: list[tuple[str, dict[str, float], str, tuple[int, ...], bool, tuple[str, ...]]] = [
    ("kst", {}, "KST", (10, 10, 15, 10, 20, 10, 30, 15, 9), False, ("kst", "signal")),
    ("stochrsi", {}, "StochRSI", (14, 14, 3, 3), False, ("k", "d")),
    ("chop", {"period": 14}, "CHOP", (14,), True, ("",)),
    ("rogers_satchell", {"period": 10}, "RogersSatchell", (10,), True, ("",)),
    ("eom", {"period": 14, "unit": 1000.0}, "EMV", (14, 1000), True, ("",)),
    ("massi", {"average": 9, "period": 25}, "MassIndex", (9, 9, 25), True, ("",)),
    ("tsi", {"first": 23, "second": 14}, "TSI", (14, 23), False, ("",)),
    ("ultosc", {}, "UO", (7, 14, 28), True, ("",)),
    ("vortex", {"period": 14}, "VTX", (14,), True, ("plus_vtx", "minus_vtx")),
    ("coppock", {}, "CoppockCurve", (11, 14, 10), False, ("",)),
    ("efi", {"period": 13}, "ForceIndex", (13,), True, ("",)),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_it_agrees_with_talipp(row: Any, bars: Bars) -> None:
    name, settings, other, arguments, is_of_candles, fields = row
    b = bars(31, 250)
    b["volume"] = np.maximum(b["volume"], 1.0)
    values = _candles(b) if is_of_candles else b["close"].tolist()
    theirs = list(getattr(talipp, other)(*arguments, input_values=values))
    one = make_indicator(name, settings)
    ours = one.batch(*(b[key] for key in one.inputs))
    for output, field in zip(one.outputs, fields, strict=True):
        expected = np.array([_number(value, field) for value in theirs])
        both = np.isfinite(expected) & np.isfinite(ours[output])
        assert both.sum() > 150
        assert np.allclose(ours[output][both], expected[both], rtol=1e-9, atol=1e-11)
