"""The detectors on the zoo: every look ahead is found out, nobody else is accused."""

from typing import Any

import pytest

from undertow.backtest.bias.bias_check import look_for_bias
from undertow.backtest.bias.finding import BiasKind, BiasReport
from undertow.backtest.honesty.zoo import CLEAN, PEEKS, Tossed, market
from undertow.decision.strategy import Strategy

SETTINGS: dict[str, Any] = {"is_research": True, "stake": "unlimited"}


def _look(kind: type[Strategy], seed: int = 1) -> BiasReport:
    return look_for_bias([kind()], market(seed), SETTINGS)


def test_the_zoo_is_large_enough() -> None:
    assert len(set(PEEKS)) >= 20
    assert len(set(CLEAN)) >= 20
    assert not set(PEEKS) & set(CLEAN)


@pytest.mark.parametrize("kind", PEEKS, ids=lambda kind: kind.__name__)
def test_a_look_ahead_is_found_out(kind: type[Strategy]) -> None:
    report = _look(kind)
    assert not report.is_clean
    wanted = BiasKind.NOT_DETERMINISTIC if kind is Tossed else BiasKind.LOOK_AHEAD
    assert wanted in {finding.kind for finding in report.findings}
    assert str(kind().strategy_id) in report.words[0]


@pytest.mark.parametrize("kind", CLEAN, ids=lambda kind: kind.__name__)
def test_nobody_else_is_accused(kind: type[Strategy]) -> None:
    report = _look(kind)
    assert report.findings == ()
    assert sum(report.looks.values()) >= 5
    assert report.words[0].startswith("no look-ahead was found in")
