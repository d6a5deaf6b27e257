"""Conditions: how a number becomes a `Check`, and checks a `Verdict`.

One rule holds for all of them: an undefined number (NaN) never passes, and its check says
`INSUFFICIENT`. The reason of a failed verdict is a stable code, counted by the funnel: the name of
the first check that failed, with `_insufficient` after it where the number was undefined.
"""

from collections.abc import Iterable

from undertow.domain.intent import Check, Verdict

INSUFFICIENT = "insufficient"
PASSED = "passed"


def above(name: str, value: float, threshold: float) -> Check:
    """Holds when the value is greater than the threshold."""
    return Check(name, value > threshold, value, threshold, _undefined(value))


def at_least(name: str, value: float, threshold: float) -> Check:
    """Holds when the value is the threshold or more."""
    return Check(name, value >= threshold, value, threshold, _undefined(value))


def below(name: str, value: float, threshold: float) -> Check:
    """Holds when the value is less than the threshold."""
    return Check(name, value < threshold, value, threshold, _undefined(value))


def at_most(name: str, value: float, threshold: float) -> Check:
    """Holds when the value is the threshold or less."""
    return Check(name, value <= threshold, value, threshold, _undefined(value))


def equal(name: str, value: float, wanted: float) -> Check:
    """Holds when the value is exactly the wanted one: sides, signs and counts."""
    return Check(name, value == wanted, value, wanted, _undefined(value))


def holds(name: str, fact: object) -> Check:
    """A yes-or-no condition: value 1 or 0 against the threshold 1."""
    return Check(name, bool(fact), 1.0 if fact else 0.0, 1.0)


def noted(name: str, value: float) -> Check:
    """A number kept for the record that judges nothing: always passed."""
    return Check(name, True, value, value)


def undefined(name: str, threshold: float = 0.0) -> Check:
    """A condition that could not be judged for want of data."""
    return Check(name, False, float("nan"), threshold, INSUFFICIENT)


def verdict(name: str, checks: Iterable[Check], *, strength: float = 1.0) -> Verdict:
    """All checks must hold. `strength` (0..1) is kept only when they do, 0 otherwise."""
    judged = tuple(checks)
    for check in judged:
        if not check.passed:
            return Verdict(name, False, reason_code(check), checks=judged)
    return Verdict(name, True, PASSED, unit_share(strength), checks=judged)


def reason_code(check: Check) -> str:
    """The stable code of a failed check."""
    return f"{check.name}_{INSUFFICIENT}" if check.reason == INSUFFICIENT else check.name


def unit_share(value: float) -> float:
    """The value held to 0..1; an undefined one is 0 (DEC-20: no feature counts more than whole)."""
    return min(max(value, 0.0), 1.0) if value == value else 0.0


def _undefined(value: float) -> str:
    return INSUFFICIENT if value != value else ""
