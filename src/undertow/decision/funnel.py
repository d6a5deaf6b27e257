"""The funnel: how many evaluations passed each level, and why the others stopped.

A first-class output: per strategy and instrument, summed over instruments on request, plain
numbers that go to JSON and into the engine's snapshot. It counts evaluations of entries; an
evaluation with an open position only counts its outcome.
"""

import msgspec

from undertow.decision.decision import Decision
from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.intent import Action

_VERSION = 1
_MANAGED = frozenset({Action.EXIT.value, Action.TIGHTEN.value, Action.HOLD.value})


class LevelCount(msgspec.Struct):
    """How many evaluations passed a level, and by reason code how many it stopped."""

    passed: int = 0
    stopped: dict[str, int] = {}

    @property
    def reached(self) -> int:
        """Evaluations that came as far as this level."""
        return self.passed + sum(self.stopped.values())


class FunnelRow(msgspec.Struct):
    """One strategy on one instrument (or summed over several).

    evaluations: of entries; levels: in the order in which they are judged; outcomes: of every
    evaluation, managed positions included.
    """

    evaluations: int = 0
    levels: dict[str, LevelCount] = {}
    outcomes: dict[str, int] = {}

    def pass_level(self, level: str) -> None:
        """Count one that passed the level."""
        self._level(level).passed += 1

    def stop_at(self, level: str, code: str) -> None:
        """Count one that the level stopped for that reason."""
        stopped = self._level(level).stopped
        stopped[code] = stopped.get(code, 0) + 1

    def end_with(self, outcome: str, count: int = 1) -> None:
        """Count evaluations by what they came to."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + count
        self.evaluations += 0 if outcome in _MANAGED else count

    def add(self, other: "FunnelRow") -> None:
        """Count everything of another row into this one."""
        self.evaluations += other.evaluations
        for name, count in other.levels.items():
            level = self._level(name)
            level.passed += count.passed
            for code, number in count.stopped.items():
                level.stopped[code] = level.stopped.get(code, 0) + number
        for outcome, number in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + number

    def _level(self, name: str) -> LevelCount:
        level = self.levels.get(name)
        if level is None:
            level = self.levels[name] = LevelCount()
        return level


Rows = dict[StrategyId, dict[InstrumentId, FunnelRow]]


class _Snapshot(msgspec.Struct, frozen=True):
    version: int
    rows: Rows


class Funnel:
    """Counts every evaluation of a run."""

    def __init__(self) -> None:
        self._rows: Rows = {}

    @property
    def rows(self) -> Rows:
        """Rows by strategy and instrument, each in order of first evaluation."""
        return self._rows

    def row(self, strategy: StrategyId, instrument_id: InstrumentId) -> FunnelRow:
        """The row of a strategy on an instrument, made when it is new."""
        try:
            return self._rows[strategy][instrument_id]
        except KeyError:
            return self._rows.setdefault(strategy, {}).setdefault(instrument_id, FunnelRow())

    def count(self, decision: Decision) -> None:
        """Count one evaluation: the levels are its verdicts, in order."""
        row = self.row(decision.strategy, decision.instrument_id)
        row.end_with(decision.outcome)
        if decision.outcome in _MANAGED:
            return
        for verdict in decision.verdicts:
            if verdict.weight:
                continue  # a filter gives points, it stops nothing
            if not verdict.passed:
                row.stop_at(verdict.name, verdict.reason)
                return
            row.pass_level(verdict.name)

    def total(self, strategy: StrategyId) -> FunnelRow:
        """All instruments of a strategy together; the parts always add up to it."""
        whole = FunnelRow()
        for row in self._rows.get(strategy, {}).values():
            whole.add(row)
        return whole

    def as_dict(self) -> dict[str, dict[str, dict[str, object]]]:
        """The same as plain containers, for JSON."""
        plain = msgspec.to_builtins(self._rows)
        assert isinstance(plain, dict)
        return plain

    def snapshot(self) -> bytes:
        """All counts."""
        return msgspec.msgpack.encode(_Snapshot(_VERSION, self._rows))

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot; raises `SnapshotCorrupt` when it is not one of this version."""
        try:
            saved = msgspec.msgpack.decode(data, type=_Snapshot)
        except msgspec.DecodeError as error:
            raise SnapshotCorrupt(f"expected a funnel snapshot, found {error}") from None
        if saved.version != _VERSION:
            raise SnapshotCorrupt(f"expected funnel version {_VERSION}, found {saved.version}")
        self._rows = saved.rows
