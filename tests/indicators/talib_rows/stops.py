"""Trailing stops."""

from tests.indicators.talib_rows import TalibRow

_SAREXT = {
    "start": "startvalue", "offset": "offsetonreverse",
    "first_long": "accelerationinitlong", "added_long": "accelerationlong",
    "maximum_long": "accelerationmaxlong", "first_short": "accelerationinitshort",
    "added_short": "accelerationshort", "maximum_short": "accelerationmaxshort",
}  # fmt: skip
_CHOICES = (
    (0.0, 0.0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2),
    (0.0, 0.05, 0.03, 0.01, 0.1, 0.3, 0.05, 0.25),
    (99.0, 0.0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2),
    (-101.5, 0.0, 0.02, 0.02, 0.2, 0.02, 0.02, 0.2),
)

ROWS = (
    *(
        TalibRow(
            "sar", "SAR", {"acceleration": first, "maximum": most},
            {"acceleration": first, "maximum": most}, ("value",), ("high", "low"),
        )
        for first, most in ((0.02, 0.2), (0.3, 0.1))
    ),
    *(
        TalibRow(
            "sarext", "SAREXT", dict(zip(_SAREXT, choice, strict=True)),
            dict(zip(_SAREXT.values(), choice, strict=True)), ("value",), ("high", "low"),
        )
        for choice in _CHOICES
    ),
    *(
        TalibRow(
            "supertrend", "SUPERTREND", {"period": period, "width": width},
            {"timeperiod": period, "multiplier": width}, ("value", "trend"),
            ("high", "low", "close"),
        )
        for period, width in ((10, 3.0), (3, 1.0))
    ),
)  # fmt: skip
