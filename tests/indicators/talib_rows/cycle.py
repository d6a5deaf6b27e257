"""Cycles, by the Hilbert transformer."""

from tests.indicators.talib_rows import TalibRow

_STILL = "of a price that does not move the phase is rounding in TA-Lib, NaN here"

ROWS = [
    TalibRow("dominant_cycle_period", "HT_DCPERIOD", {}, {}, ("value",), ("close",)),
    TalibRow("dominant_cycle_phase", "HT_DCPHASE", {}, {}, ("value",), ("close",), _STILL),
    TalibRow("hilbert_phasor", "HT_PHASOR", {}, {}, ("value", "quadrature"), ("close",)),
    TalibRow("hilbert_sine", "HT_SINE", {}, {}, ("value", "lead"), ("close",), _STILL),
    TalibRow("hilbert_trendline", "HT_TRENDLINE", {}, {}, ("value",), ("close",)),
    TalibRow("trend_mode", "HT_TRENDMODE", {}, {}, ("value",), ("close",), _STILL),
    *(
        TalibRow(
            "mama",
            "MAMA",
            {"fast": fast, "slow": slow},
            {"fastlimit": fast, "slowlimit": slow},
            ("value", "follower"),
            ("close",),
        )
        for fast, slow in ((0.5, 0.05), (0.3, 0.1))
    ),
]
