"""Volume."""

from tests.indicators.talib_rows import TalibRow

_BAR = ("high", "low", "close", "volume")
_PAIR = ("close", "volume")

ROWS = (
    TalibRow("ad", "AD", {}, {}, ("value",), _BAR),
    TalibRow("adosc", "ADOSC", {}, {}, ("value",), _BAR),
    TalibRow(
        "adosc", "ADOSC", {"fast": 5, "slow": 7}, {"fastperiod": 5, "slowperiod": 7}, ("value",),
        _BAR,
    ),
    TalibRow("obv", "OBV", {}, {}, ("value",), _PAIR),
    TalibRow("cmf", "CMF", {"period": 20}, {"timeperiod": 20}, ("value",), _BAR),
    TalibRow("cmf", "CMF", {"period": 3}, {"timeperiod": 3}, ("value",), _BAR),
    *(
        TalibRow("mfi", "MFI", {"period": n, "flat": 0.0}, {"timeperiod": n}, ("value",), _BAR)
        for n in (14, 3)
    ),
    TalibRow("efi", "EFI", {"period": 13}, {"timeperiod": 13}, ("value",), _PAIR),
    TalibRow("marketfi", "MARKETFI", {}, {}, ("value",), ("high", "low", "volume")),
    TalibRow("nvi", "NVI", {}, {}, ("value",), _PAIR),
    TalibRow("pvi", "PVI", {}, {}, ("value",), _PAIR),
    TalibRow("pvt", "PVT", {}, {}, ("value",), _PAIR),
    TalibRow("rvol", "RVOL", {"period": 20}, {"timeperiod": 20}, ("value",), ("volume",)),
    TalibRow("wad", "WAD", {}, {}, ("value",), ("high", "low", "close")),
)  # fmt: skip
