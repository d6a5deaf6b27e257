import pytest

from undertow.backtest import report_parts
from undertow.backtest.report_parts import PARTS, ReportPart, report_of


def test_parts_are_found_by_name_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_parts, "told", lambda result: {"of": result}, raising=False)
    part = ReportPart("extra", "undertow.backtest.report_parts:told")
    assert report_of("r", (part,)) == {"extra": {"of": "r"}}  # type: ignore[arg-type]


def test_keys_are_given_once() -> None:
    keys = [part.key for part in PARTS if part.key]
    assert len(keys) == len(set(keys))
