"""Ranks and extremes."""

from tests.indicators.talib_rows import TalibRow

ROWS = (
    *(
        TalibRow(
            name, function, {"period": period}, {"timeperiod": period}, ("value",), ("close",),
        )
        for name, function in (("max", "MAX"), ("min", "MIN"), ("percent_rank", "PERCENTRANK"))
        for period in (30, 2)
    ),
    *(
        TalibRow(
            name, function, {"period": period}, {"timeperiod": period}, ("index",), ("close",),
        )
        for name, function in (("maxindex", "MAXINDEX"), ("minindex", "MININDEX"))
        for period in (30, 3)
    ),
    *(
        TalibRow(
            "percentile", "PERCENTILE", {"period": period, "percentile": percentile},
            {"timeperiod": period, "percentile": percentile}, ("value",), ("close",),
        )
        for period, percentile in ((30, 50.0), (10, 0.0), (7, 85.0), (100, 7.0))
    ),
)  # fmt: skip
