"""Channels and lines that follow a trend."""

from tests.indicators.talib_rows import TalibRow

_BANDS = ("upper", "value", "lower")

ROWS = (
    *(
        TalibRow(
            "bollinger", "BBANDS", {"period": period, "up": 2.0, "down": down},
            {"timeperiod": period, "nbdevup": 2.0, "nbdevdn": down}, _BANDS, ("close",),
            in_price=True,
        )
        for period, down in ((20, 2.0), (5, 1.5))
    ),
)  # fmt: skip
