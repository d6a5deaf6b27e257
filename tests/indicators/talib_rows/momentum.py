"""Momentum."""

from tests.indicators.talib_rows import TalibRow

_CLOSE = ("close",)


def _row(name: str, function: str, period: int, inputs: tuple[str, ...] = _CLOSE) -> TalibRow:
    return TalibRow(
        name, function, {"period": period}, {"timeperiod": period}, ("value",), inputs,
    )  # fmt: skip


ROWS = (
    *(
        TalibRow("rsi", "RSI", {"period": n, "flat": 0.0}, {"timeperiod": n}, ("value",), _CLOSE)
        for n in (14, 2)
    ),
    *(_row(name, name.upper(), n) for name in ("cmo", "cmou", "er", "dpo") for n in (14, 3)),
    _row("mom", "MOM", 10),
    _row("mom", "MOM", 1),
    _row("fosc", "FOSC", 5),
    _row("fosc", "FOSC", 20),
    _row("imi", "IMI", 14, ("open", "close")),
    _row("imi", "IMI", 3, ("open", "close")),
    *(
        TalibRow(
            "roc", function, {"period": n, "scale": scale}, {"timeperiod": n}, (output,), _CLOSE
        )
        for function, scale, output in (
            ("ROC", 100.0, "value"),
            ("ROCP", 1.0, "value"),
            ("ROCR", 1.0, "ratio"),
            ("ROCR100", 100.0, "ratio"),
        )
        for n in (10, 1)
    ),
    TalibRow("bop", "BOP", {}, {}, ("value",), ("open", "high", "low", "close")),
)  # fmt: skip
