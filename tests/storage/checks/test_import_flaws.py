"""Counts of flaws become findings in words."""

from undertow.storage.checks.finding import Severity
from undertow.storage.checks.import_flaws import import_findings


def test_words_and_severities() -> None:
    first, second, third = import_findings({"range": 1_200, "unsorted": 1, "new_kind": 2})
    assert (first.severity, first.count) == (Severity.BAD, 1_200)
    assert first.text.startswith("1,200 rows whose high, low")
    assert second.severity is Severity.FACT
    assert (third.severity, third.text) == (Severity.DOUBT, "2 new kind")
    assert import_findings({}) == []
