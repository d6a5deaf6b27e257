"""Volatility."""

from tests.indicators.talib_rows import TalibRow

_BAR = ("high", "low", "close")
_PAIR = ("high", "low")


def _rows(name: str, inputs: tuple[str, ...]) -> tuple[TalibRow, ...]:
    return tuple(
        TalibRow(
            name, name.upper(), {"period": n}, {"timeperiod": n}, ("value",), inputs,
        )
        for n in (14, 2)
    )  # fmt: skip


ROWS = (
    *_rows("atr", _BAR),
    *_rows("natr", _BAR),
    *_rows("adr", _PAIR),
    TalibRow("trange", "TRANGE", {}, {}, ("value",), _BAR),
    TalibRow("cvi", "CVI", {}, {}, ("value",), _PAIR),
    TalibRow(
        "cvi", "CVI", {"period": 5, "change": 3}, {"timeperiod": 5, "rocperiod": 3}, ("value",),
        _PAIR,
    ),
    TalibRow("rvi", "RVI", {}, {}, ("value",), ("close",)),
    TalibRow(
        "rvi", "RVI", {"period": 5, "window": 3}, {"timeperiod": 5, "stddevperiod": 3},
        ("value",), ("close",),
    ),
)  # fmt: skip
