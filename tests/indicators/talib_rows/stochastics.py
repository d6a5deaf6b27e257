"""Stochastics."""

from tests.indicators.talib_rows import TalibRow

_BAR = ("high", "low", "close")
_TWO = ("value", "signal")

ROWS = (
    TalibRow("stoch", "STOCH", {}, {}, _TWO, _BAR),
    *(
        TalibRow(
            "stoch", "STOCH",
            {"period": 9, "smooth": 4, "signal": 5, "smooth_kind": first, "signal_kind": second},
            {"fastk_period": 9, "slowk_period": 4, "slowd_period": 5,
             "slowk_matype": first, "slowd_matype": second},
            _TWO, _BAR,
        )
        for first, second in ((0, 0), (1, 2), (13, 1))
    ),
    TalibRow("stoch", "STOCHF", {"smooth": 1}, {}, _TWO, _BAR),
    TalibRow(
        "stoch", "STOCHF", {"period": 14, "smooth": 1, "signal": 4, "signal_kind": 1},
        {"fastk_period": 14, "fastd_period": 4, "fastd_matype": 1}, _TWO, _BAR,
    ),
    TalibRow("stochrsi", "STOCHRSI", {"window": 5, "smooth": 1, "flat": 0.0}, {}, _TWO, ("close",)),
    TalibRow(
        "stochrsi", "STOCHRSI", {"period": 14, "window": 14, "smooth": 1, "flat": 0.0},
        {"timeperiod": 14, "fastk_period": 14, "fastd_period": 3}, _TWO, ("close",),
    ),
    TalibRow("kdj", "KDJ", {}, {}, ("value", "signal", "j"), _BAR),
    TalibRow("smi", "SMI", {}, {}, _TWO, _BAR),
    TalibRow(
        "smi", "SMI", {"period": 5, "fast": 3, "slow": 4, "signal": 3},
        {"timeperiod": 5, "fastperiod": 3, "slowperiod": 4, "signalperiod": 3}, _TWO, _BAR,
    ),
    *(
        TalibRow(name, name.upper(), {"period": n}, {"timeperiod": n}, ("value",), _BAR)
        for name, n in (("willr", 14), ("willr", 3), ("cci", 14), ("cci", 5))
    ),
    TalibRow("ultosc", "ULTOSC", {}, {}, ("value",), _BAR),
    TalibRow(
        "ultosc", "ULTOSC", {"first": 2, "second": 3, "third": 5},
        {"timeperiod1": 2, "timeperiod2": 3, "timeperiod3": 5}, ("value",), _BAR,
    ),
)  # fmt: skip
