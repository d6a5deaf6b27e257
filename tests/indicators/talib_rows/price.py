"""One price for a bar."""

from tests.indicators.talib_rows import TalibRow

_OHLC = ("open", "high", "low", "close")

ROWS = (
    TalibRow("avgprice", "AVGPRICE", {}, {}, ("value",), _OHLC, in_price=True),
    TalibRow("medprice", "MEDPRICE", {}, {}, ("value",), _OHLC[1:3], in_price=True),
    TalibRow("typprice", "TYPPRICE", {}, {}, ("value",), _OHLC[1:], in_price=True),
    TalibRow("wclprice", "WCLPRICE", {}, {}, ("value",), _OHLC[1:], in_price=True),
    TalibRow("heikin_ashi", "HA", {}, {}, ("open", "high", "low", "value"), _OHLC, in_price=True),
)
