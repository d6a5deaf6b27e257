"""Statistics."""

from tests.indicators.talib_rows import TalibRow

_LINES = (
    ("LINEARREG", "value"), ("LINEARREG_SLOPE", "slope"), ("LINEARREG_INTERCEPT", "intercept"),
    ("TSF", "forecast"), ("LINEARREG_ANGLE", "angle"),
)  # fmt: skip

ROWS = (
    *(
        TalibRow(
            "rolling_variance", "VAR", {"period": period, "ddof": 0}, {"timeperiod": period},
            ("value",), ("close",),
        )
        for period in (20, 5)
    ),
    *(
        TalibRow(
            "stddev", "STDDEV", {"period": period, "factor": factor},
            {"timeperiod": period, "nbdev": factor}, ("value",), ("close",),
        )
        for period, factor in ((20, 1.0), (5, 2.5))
    ),
    *(
        TalibRow(
            "avgdev", "AVGDEV", {"period": period}, {"timeperiod": period}, ("value",), ("close",),
        )
        for period in (14, 3)
    ),
    *(
        TalibRow(
            "correl", "CORREL", {"period": period}, {"timeperiod": period}, ("value",),
            ("close", "volume"),
        )
        for period in (30, 8)
    ),
    *(
        TalibRow(
            "beta", "BETA", {"period": period}, {"timeperiod": period}, ("value",),
            ("high", "low"),
        )
        for period in (5, 20)
    ),
    *(
        TalibRow(
            "linearreg", function, {"period": period}, {"timeperiod": period}, (output,),
            ("close",),
        )
        for function, output in _LINES
        for period in (14, 5)
    ),
    *(
        TalibRow("sum", "SUM", {"period": period}, {"timeperiod": period}, ("value",), ("volume",))
        for period in (30, 2)
    ),
    TalibRow("cumsum", "CUMSUM", {}, {}, ("value",), ("volume",)),
)  # fmt: skip
