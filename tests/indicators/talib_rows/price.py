"""One price for a bar."""

from tests.indicators.talib_rows import TalibRow

_OHLC = ("open", "high", "low", "close")

ROWS = (
    TalibRow("avgprice", "AVGPRICE", {}, {}, ("value",), _OHLC),
    TalibRow("medprice", "MEDPRICE", {}, {}, ("value",), _OHLC[1:3]),
    TalibRow("typprice", "TYPPRICE", {}, {}, ("value",), _OHLC[1:]),
    TalibRow("wclprice", "WCLPRICE", {}, {}, ("value",), _OHLC[1:]),
    TalibRow("heikin_ashi", "HA", {}, {}, ("open", "high", "low", "value"), _OHLC),
)
