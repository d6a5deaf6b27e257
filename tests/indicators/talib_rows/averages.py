"""Moving averages."""

from tests.indicators.talib_rows import TalibRow

ROWS = [
    row
    for period in (20, 5)
    for row in (
        TalibRow(
            "ema", "EMA", {"period": period}, {"timeperiod": period}, ("value",), ("close",),
            in_price=True,
        ),
        TalibRow(
            "sma", "SMA", {"period": period}, {"timeperiod": period}, ("value",), ("close",),
            in_price=True,
        ),
    )
]  # fmt: skip
