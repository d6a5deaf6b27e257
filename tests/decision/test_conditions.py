from math import nan

import pytest

from undertow.decision import conditions
from undertow.domain.intent import Check


@pytest.mark.parametrize(
    ("judge", "value", "passed"),
    [
        (conditions.above, 2.0, False),
        (conditions.above, 2.1, True),
        (conditions.at_least, 2.0, True),
        (conditions.below, 2.0, False),
        (conditions.below, 1.9, True),
        (conditions.at_most, 2.0, True),
        (conditions.at_most, 2.1, False),
        (conditions.equal, 2.0, True),
        (conditions.equal, -2.0, False),
    ],
)
def test_comparisons(judge: object, value: float, passed: bool) -> None:
    assert callable(judge)
    assert judge("x", value, 2.0) == Check("x", passed, value, 2.0)


@pytest.mark.parametrize("name", ["above", "at_least", "below", "at_most", "equal"])
def test_undefined_never_passes_and_says_so(name: str) -> None:
    check = getattr(conditions, name)("x", nan, 2.0)
    assert not check.passed
    assert check.reason == conditions.INSUFFICIENT


def test_verdict_is_the_first_failure() -> None:
    good, bad = conditions.holds("a", 1), conditions.below("b", 3.0, 2.0)
    judged = conditions.verdict("level", [good, bad, conditions.undefined("c")])
    assert (judged.passed, judged.reason, judged.strength) == (False, "b", 0.0)
    assert len(judged.checks) == 3


def test_verdict_names_what_is_missing() -> None:
    judged = conditions.verdict("level", [conditions.undefined("adx", 25.0)])
    assert judged.reason == "adx_insufficient"
    assert judged.checks[0].threshold == 25.0


def test_passed_verdict_keeps_a_capped_strength() -> None:
    assert conditions.verdict("level", [conditions.holds("a", True)], strength=7.0).strength == 1.0
    assert conditions.verdict("level", [], strength=nan).strength == 0.0


def test_noted_judges_nothing() -> None:
    assert conditions.noted("x", -5.0) == Check("x", True, -5.0, -5.0)


def test_unit_share() -> None:
    assert [conditions.unit_share(x) for x in (-1.0, 0.25, 9.0, nan)] == [0.0, 0.25, 1.0, 0.0]
