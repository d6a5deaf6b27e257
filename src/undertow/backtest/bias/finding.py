"""What the bias detectors say of a run."""

from enum import StrEnum

import msgspec


class BiasKind(StrEnum):
    """What is wrong.

    LOOK_AHEAD: a decision changed when the future was taken away or was another. WARM_UP: a
    decision depends on where the history begins. SAME_BAR: a fill no later than its signal, or at a
    price that was not to be had. NOT_DETERMINISTIC: the same run twice gave two results.
    FAILED: it raised on less data. FACES: its callbacks and its signals trade differently.
    """

    LOOK_AHEAD = "look_ahead"
    WARM_UP = "warm_up"
    SAME_BAR = "same_bar"
    NOT_DETERMINISTIC = "not_deterministic"
    FAILED = "failed"
    FACES = "faces"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was found. at_ns: when, 0 = throughout. share: of the looks that showed it."""

    kind: BiasKind
    strategy: str
    at_ns: int
    share: float
    text: str


class BiasReport(msgspec.Struct, frozen=True):
    """findings: what makes the result worthless. warnings: what nobody can check from the data, in
    words. looks: how often each detector looked, by name.
    """

    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    looks: dict[str, int] = {}

    @property
    def is_clean(self) -> bool:
        """True when nothing was found."""
        return not self.findings

    @property
    def words(self) -> tuple[str, ...]:
        """For the first lines of a report."""
        total = sum(self.looks.values())
        if self.is_clean:
            return (f"no look-ahead was found in {total} looks",)
        return tuple(f"{finding.kind}: {finding.text}" for finding in self.findings)
