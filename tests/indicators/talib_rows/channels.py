"""Channels."""

from tests.indicators.talib_rows import TalibRow

_BANDS = ("upper", "value", "lower")
_BAR = ("high", "low", "close")

ROWS = (
    *(
        TalibRow(
            "bollinger", "BBANDS", {"period": period, "up": 2.0, "down": down},
            {"timeperiod": period, "nbdevup": 2.0, "nbdevdn": down}, _BANDS, ("close",),
        )
        for period, down in ((20, 2.0), (5, 1.5))
    ),
    *(
        TalibRow(
            "accbands", "ACCBANDS", {"period": period}, {"timeperiod": period}, _BANDS, _BAR,
        )
        for period in (20, 5)
    ),
    *(
        TalibRow(
            "donchian", "DONCHIAN", {"period": period}, {"timeperiod": period}, _BANDS,
            ("high", "low"),
        )
        for period in (20, 3)
    ),
    *(
        TalibRow(
            "keltner", "KC", {"period": period, "atr_period": ranges, "width": width},
            {"timeperiod": period, "atrperiod": ranges, "nbdev": width}, _BANDS, _BAR,
        )
        for period, ranges, width in ((20, 10, 2.0), (5, 14, 1.5))
    ),
    TalibRow(
        "vwap", "VWAP", {"period": 0, "width": 2.0}, {}, ("value",), (*_BAR, "volume"),
        note="before any volume TA-Lib says 0, we say NaN",
    ),
)  # fmt: skip
