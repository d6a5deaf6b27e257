"""A finding as a note."""

from undertow.storage.checks.finding import Finding, Severity, note_of
from undertow.timeline.market_data import DataNote


def test_a_note_of_a_finding() -> None:
    finding = Finding("gap", Severity.BAD, 3, "3 bars", 7)
    assert note_of(finding, "BTC/USDT@x") == DataNote("gap", "BTC/USDT@x", 3, "3 bars")
    assert Severity.FACT < Severity.DOUBT < Severity.BAD
