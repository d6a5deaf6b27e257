"""Moving averages."""

from tests.indicators.talib_rows import TalibRow

_SAME = {
    "ema": "EMA", "sma": "SMA", "wma": "WMA", "rma": "RMA", "dema": "DEMA", "tema": "TEMA",
    "trima": "TRIMA", "hma": "HMA", "zlema": "ZLEMA", "midpoint": "MIDPOINT",
}  # fmt: skip


def _row(name: str, function: str, period: int, inputs: tuple[str, ...]) -> TalibRow:
    return TalibRow(
        name, function, {"period": period}, {"timeperiod": period}, ("value",), inputs,
    )  # fmt: skip


ROWS = (
    *(
        _row(name, function, period, ("close",))
        for name, function in _SAME.items()
        for period in (20, 5)
    ),
    _row("kama", "KAMA", 10, ("close",)),
    _row("kama", "KAMA", 30, ("close",)),
    _row("vwma", "VWMA", 20, ("close", "volume")),
    _row("vwma", "VWMA", 3, ("close", "volume")),
    _row("midprice", "MIDPRICE", 14, ("high", "low")),
    _row("midprice", "MIDPRICE", 2, ("high", "low")),
    *(
        TalibRow(
            "t3", "T3", {"period": period, "factor": factor},
            {"timeperiod": period, "vfactor": factor}, ("value",), ("close",),
        )
        for period, factor in ((5, 0.7), (12, 0.3))
    ),
)  # fmt: skip
