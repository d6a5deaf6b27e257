"""A report as table and as JSON."""

import pytest

from undertow.cli.data_view.check_table import check_json, print_check
from undertow.storage.checks.data_report import SeriesReport
from undertow.storage.checks.finding import Finding, Severity

NAN = float("nan")
REPORTS = [
    SeriesReport(
        "BTC/USDT@x", "candles-1m", 1_000, 0, 10**9, 99.5, "bad",
        (Finding("history", Severity.FACT, 1, "short"), Finding("gap", Severity.BAD, 5, "five")),
    ),
    SeriesReport("BTC/USDT@x", "funding", 3, 0, 10**9, NAN, "good", ()),
]  # fmt: skip


def test_the_worst_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    print_check(REPORTS)
    out = capsys.readouterr().out
    assert "99.50" in out
    assert out.endswith(
        "bad   BTC/USDT@x candles-1m gap: five\nfact  BTC/USDT@x candles-1m history: short\n"
    )


def test_json_has_no_nan() -> None:
    first, second = check_json(REPORTS)
    assert first["findings"][1] == {
        "kind": "gap", "severity": "bad", "count": 5, "text": "five", "first_ns": 0,
    }  # fmt: skip
    assert second["score"] is None
