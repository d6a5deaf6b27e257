"""Trend. With a period of 1 TA-Lib's PLUS_DI and MINUS_DI answer shares; ours stay percent."""

from tests.indicators.talib_rows import TalibRow

_BAR = ("high", "low", "close")
_PAIR = ("high", "low")


def _rows(
    name: str, function: str, outputs: tuple[str, ...], inputs: tuple[str, ...] = _BAR
) -> tuple[TalibRow, ...]:
    return tuple(
        TalibRow(
            name, function, {"period": n}, {"timeperiod": n}, outputs, inputs,
        )
        for n in (14, 3)
    )  # fmt: skip


ROWS = (
    *_rows("adx", "ADX", ("value",)),
    *_rows("adxr", "ADXR", ("value",)),
    *_rows("dx", "DX", ("value",)),
    *_rows("dx", "PLUS_DI", ("plus_di",)),
    *_rows("dx", "MINUS_DI", ("minus_di",)),
    *_rows("dm", "PLUS_DM", ("value",), _PAIR),
    *_rows("dm", "MINUS_DM", ("minus_dm",), _PAIR),
    TalibRow("dm", "PLUS_DM", {"period": 1}, {"timeperiod": 1}, ("value",), _PAIR),
    *_rows("aroon", "AROON", ("down", "up"), _PAIR),
    *_rows("aroon", "AROONOSC", ("value",), _PAIR),
    *_rows("vortex", "VORTEX", ("value", "minus")),
    *_rows("vhf", "VHF", ("value",), ("close",)),
    TalibRow("fractal", "FRACTAL", {}, {}, ("value", "low"), _PAIR),
    TalibRow(
        "fractal", "FRACTAL", {"before": 3, "after": 1}, {"leftbars": 3, "rightbars": 1},
        ("value", "low"), _PAIR,
    ),
    TalibRow("massi", "MASSI", {}, {}, ("value",), _PAIR),
    TalibRow(
        "massi", "MASSI", {"average": 3, "period": 4}, {"fastperiod": 3, "slowperiod": 4},
        ("value",), _PAIR,
    ),
)  # fmt: skip
