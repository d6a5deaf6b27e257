"""Oscillators of averages."""

from tests.indicators.talib_rows import TalibRow

_CLOSE = ("close",)
_MACD = ("value", "signal", "histogram")
_KINDS = (0, 1, 2, 13)


def _macd(function: str, periods: tuple[int, int, int], **more: float) -> TalibRow:
    fast, slow, signal = periods
    theirs: dict[str, float] = {"signalperiod": signal}
    if function != "MACDFIX":
        theirs |= {"fastperiod": fast, "slowperiod": slow}
    if "kind" in more:
        kinds = ("fastmatype", "slowmatype", "signalmatype")
        theirs |= dict.fromkeys(kinds, more["kind"])
        more["signal_kind"] = more["kind"]
    ours: dict[str, float] = {"fast": fast, "slow": slow, "signal": signal, **more}
    return TalibRow("macd", function, ours, theirs, _MACD, _CLOSE)


def _pair(name: str, kind: int, fast: int, slow: int) -> TalibRow:
    return TalibRow(
        name, name.upper(), {"fast": fast, "slow": slow, "kind": kind},
        {"fastperiod": fast, "slowperiod": slow, "matype": kind}, ("value",),
        ("volume",) if name == "pvo" else _CLOSE,
    )  # fmt: skip


ROWS = (
    _macd("MACD", (12, 26, 9)),
    _macd("MACD", (3, 5, 2)),
    _macd("MACDFIX", (12, 26, 9), fixed=1),
    *(_macd("MACDEXT", (12, 26, 9), kind=kind) for kind in _KINDS),
    *(_pair(name, kind, 12, 26) for name in ("apo", "ppo", "pvo") for kind in _KINDS),
    _pair("ppo", 1, 3, 4),
    TalibRow("ao", "AO", {}, {}, ("value",), ("high", "low")),
    TalibRow("ac", "AC", {}, {}, ("value",), ("high", "low")),
    TalibRow(
        "ac", "AC", {"fast": 2, "slow": 7, "signal": 3},
        {"fastperiod": 2, "slowperiod": 7, "signalperiod": 3}, ("value",), ("high", "low"),
    ),
    TalibRow("qstick", "QSTICK", {}, {}, ("value",), ("open", "close")),
    TalibRow("tsi", "TSI", {}, {}, ("value",), _CLOSE),
    TalibRow(
        "tsi", "TSI", {"first": 5, "second": 3}, {"firstperiod": 5, "secondperiod": 3},
        ("value",), _CLOSE,
    ),
    TalibRow("trix", "TRIX", {"period": 30}, {"timeperiod": 30}, ("value",), _CLOSE),
    TalibRow("trix", "TRIX", {"period": 5}, {"timeperiod": 5}, ("value",), _CLOSE),
    TalibRow("coppock", "COPPOCK", {}, {}, ("value",), _CLOSE),
    TalibRow(
        "eri", "ERI", {"period": 13}, {"timeperiod": 13}, ("value", "bear_power"),
        ("high", "low", "close"),
    ),
)  # fmt: skip
