"""Cycles, by the Hilbert transformer."""

from tests.indicators.talib_rows import TalibRow

_STILL = (
    "of a price that does not move the phase is rounding in TA-Lib, NaN here; where it hardly moves"
    " TA-Lib loses digits to its running sums (measured against extended precision)"
)

ROWS = [
    TalibRow("dominant_cycle_period", "HT_DCPERIOD", {}, {}, ("value",), ("close",)),
    TalibRow(
        "dominant_cycle_phase", "HT_DCPHASE", {}, {}, ("value",), ("close",), _STILL, limit=1e-8
    ),
    TalibRow(
        "hilbert_phasor", "HT_PHASOR", {}, {}, ("value", "quadrature"), ("close",), in_price=True
    ),
    TalibRow("hilbert_sine", "HT_SINE", {}, {}, ("value", "lead"), ("close",), _STILL, limit=1e-7),
    TalibRow("hilbert_trendline", "HT_TRENDLINE", {}, {}, ("value",), ("close",), in_price=True),
    TalibRow(
        "trend_mode",
        "HT_TRENDMODE",
        {},
        {},
        ("value",),
        ("close",),
        _STILL,
        not_on=("flat stretches",),
    ),
    *(
        TalibRow(
            "mama",
            "MAMA",
            {"fast": fast, "slow": slow},
            {"fastlimit": fast, "slowlimit": slow},
            ("value", "follower"),
            ("close",),
            "while nothing moves TA-Lib follows the phase of what rounding its running sums keep",
            in_price=True,
            not_on=("flat stretches",),
        )
        for fast, slow in ((0.5, 0.05), (0.3, 0.1))
    ),
]
