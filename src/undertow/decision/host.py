"""The strategy host: runs every strategy on every instrument it wants, and keeps count.

Rules:
* A bar first updates the indicators of its timeframe, then wakes `on_bar`. Bars of one instant come
  by rising timeframe, so a 1-minute handler sees the 15-minute indicator of the bar before.
* Checks lie on whole multiples of their period since 1970, so two runs check at the same times.
* While a declared indicator is undefined and the strategy is flat, its handlers are not called: the
  outcome is "warm_up" and names what is missing (IND-25).
* What a strategy raises is caught here, named and counted; after `MAX_FAILURES` on an instrument
  it is suspended there and everything else goes on. A broken invariant of ours is not caught.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from undertow.decision.answer import as_decision, silent_outcome
from undertow.decision.conditions import INSUFFICIENT, undefined, verdict
from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.deployment import Deployment, DeploymentSnapshot
from undertow.decision.failure import StrategyFailed, own_line
from undertow.decision.funnel import Funnel
from undertow.decision.ranking import ranked
from undertow.decision.strategy import Answer, Strategy
from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.bar import Bar
from undertow.domain.errors import (
    ConfigurationError,
    InvariantBroken,
    SnapshotCorrupt,
)
from undertow.domain.event import InsufficientDataQuality
from undertow.domain.identity import DecisionId, IdSource, InstrumentId, StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.position import PositionView
from undertow.timeline.snapshot import PartBytes

if TYPE_CHECKING:  # strategies are listed without loading the compiled flow
    from undertow.flow.flow_state import FlowState

MAX_FAILURES = 3
NEVER_NS = 2**63 - 1
"""What `next_check_ns` answers when no strategy checks."""

WARM_UP = "warm_up"
_VERSION = 1

PositionLookup = Callable[[StrategyId, InstrumentId], PositionView | None]


class Recording(StrEnum):
    """Which decisions a host returns; the funnel counts all of them in any case.

    ALL: every evaluation. CHANGES: those with a signal, and those whose outcome or reason differs
    from the one before on that instrument. SIGNALS: those with a signal.
    """

    ALL = "all"
    CHANGES = "changes"
    SIGNALS = "signals"


class _Snapshot(msgspec.Struct, frozen=True):
    version: int
    parameters: dict[StrategyId, bytes]
    deployments: list[DeploymentSnapshot]
    funnel: bytes
    checked_ns: dict[StrategyId, int]


class StrategyHost:
    """Strategies in a stated order over the instruments of a table, in table order."""

    def __init__(
        self,
        strategies: Sequence[Strategy],
        table: InstrumentTable,
        flow: "FlowState",
        ids: IdSource,
        *,
        recording: Recording = Recording.CHANGES,
    ) -> None:
        self.funnel = Funnel()
        self.recording = recording
        self._strategies = tuple(strategies)
        self._flow = flow
        self._ids = ids
        self._events: list[InsufficientDataQuality] = []
        self._failures: list[StrategyFailed] = []
        self._checked_ns: dict[StrategyId, int] = {}
        self._deployments: dict[StrategyId, list[Deployment]] = {}
        self._by_bar: dict[tuple[int, int], list[Deployment]] = {}
        self._checking = tuple(one for one in self._strategies if one.check_every_ns)
        for strategy in self._strategies:
            if strategy.strategy_id in self._deployments:
                raise ConfigurationError(
                    f"expected each strategy once, found {strategy.strategy_id!r} twice; "
                    "give one of them a label"
                )
            self._deployments[strategy.strategy_id] = self._deploy(strategy, table)

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """The strategies, in the order in which they run."""
        return self._strategies

    @property
    def has_news(self) -> bool:
        """Whether the last `on_bar` or `on_check` left quality events or failures."""
        return bool(self._events or self._failures)

    @property
    def quality_events(self) -> tuple[InsufficientDataQuality, ...]:
        """Wants of data first seen during the last `on_bar` or `on_check`, for the record."""
        return tuple(self._events)

    @property
    def failures(self) -> tuple[StrategyFailed, ...]:
        """What strategies raised during the last `on_bar` or `on_check`."""
        return tuple(self._failures)

    def on_bar(self, bar: Bar, positions: PositionLookup, now_ns: int) -> list[Decision]:
        """A subscribed bar closed. Returns decisions to act on or record, exits first."""
        self._begin()
        found: list[Decision] = []
        for deployment in self._by_bar.get((bar.instrument, bar.timeframe_s), ()):
            if deployment.is_suspended:
                continue
            if not self._feed(deployment, bar, now_ns):
                continue
            if deployment.wakes_on_s == bar.timeframe_s:
                ctx = self._context(deployment, positions, now_ns)
                found += self._evaluate(deployment, ctx, bar)
        return ranked(found) if len(found) > 1 else found

    def learn(self, bar: Bar) -> None:
        """A bar of history: indicators see it, no strategy is asked."""
        self._begin()
        for deployment in self._by_bar.get((bar.instrument, bar.timeframe_s), ()):
            if not deployment.is_suspended:
                self._feed(deployment, bar, bar.close_time_ns)

    def on_check(self, now_ns: int, positions: PositionLookup) -> list[Decision]:
        """Run the checks that are due. Returns decisions to act on or record, exits first."""
        self._begin()
        found: list[Decision] = []
        for strategy in self._checking:
            if not self._is_due(strategy, now_ns):
                continue
            for deployment in self._deployments[strategy.strategy_id]:
                if not deployment.is_suspended:
                    ctx = self._context(deployment, positions, now_ns)
                    found += self._evaluate(deployment, ctx, None)
        return ranked(found) if len(found) > 1 else found

    def next_check_ns(self, now_ns: int) -> int:
        """The first time after `now_ns` at which a check is due; `NEVER_NS` without checks."""
        due_ns = NEVER_NS
        for strategy in self._checking:
            period = strategy.check_every_ns
            due_ns = min(due_ns, (now_ns // period + 1) * period)
        return due_ns

    def snapshot(self) -> bytes:
        """States, indicators, funnel, failures and check times."""
        deployments = [one.dump() for row in self._deployments.values() for one in row]
        return msgspec.msgpack.encode(
            _Snapshot(
                _VERSION, self._parameters(), deployments, self.funnel.snapshot(), self._checked_ns
            )
        )

    def restore(self, data: PartBytes) -> None:
        """Go on from a snapshot of the same strategies, parameters and instruments.

        Raises `SnapshotCorrupt` for bytes that are no snapshot of this version and
        `ConfigurationError` when strategies, parameters or instruments are not those saved.
        """
        try:
            saved = msgspec.msgpack.decode(data, type=_Snapshot)
        except msgspec.DecodeError as error:
            raise SnapshotCorrupt(f"expected a strategy host snapshot, found {error}") from None
        if saved.version != _VERSION:
            raise SnapshotCorrupt(f"expected host version {_VERSION}, found {saved.version}")
        self._require_same(saved)
        running = [one for row in self._deployments.values() for one in row]
        for deployment, dump in zip(running, saved.deployments, strict=True):
            deployment.load(dump)
        self.funnel.restore(saved.funnel)
        self._checked_ns = dict(saved.checked_ns)
        self._begin()

    def _deploy(self, strategy: Strategy, table: InstrumentTable) -> list[Deployment]:
        row: list[Deployment] = []
        for index, instrument in enumerate(table):
            if not strategy.wants(instrument):
                continue
            deployment = Deployment(strategy, instrument, index)
            row.append(deployment)
            wanted = set(deployment.indicators.timeframes_s)
            if _has_own(strategy, "on_bar"):
                deployment.wakes_on_s = timeframe_seconds(strategy.timeframe)
                wanted.add(deployment.wakes_on_s)
            for timeframe_s in sorted(wanted):
                self._flow.subscribe_bars(index, timeframe_s)
                self._by_bar.setdefault((index, timeframe_s), []).append(deployment)
        return row

    def _begin(self) -> None:
        if self._events or self._failures:
            self._events = []
            self._failures = []

    def _is_due(self, strategy: Strategy, now_ns: int) -> bool:
        period = strategy.check_every_ns
        before = self._checked_ns.get(strategy.strategy_id)
        self._checked_ns[strategy.strategy_id] = now_ns
        if before is None:
            return now_ns % period == 0
        return now_ns // period > before // period

    def _context(self, deployment: Deployment, positions: PositionLookup, now_ns: int) -> Context:
        return Context(
            deployment.strategy_id,
            self._flow,
            deployment.index,
            now_ns=now_ns,
            indicators=deployment.indicators,
            position=positions(deployment.strategy_id, deployment.instrument.instrument_id),
            state=deployment.state,
            cache=deployment.cache,
        )

    def _feed(self, deployment: Deployment, bar: Bar, now_ns: int) -> bool:
        try:
            deployment.indicators.on_bar(bar, deployment.instrument)
        except InvariantBroken:
            raise
        except Exception as error:  # noqa: BLE001 - users' indicators run here; supervised
            self._fail(deployment, "indicators", error, now_ns)
            return False
        return True

    def _evaluate(self, deployment: Deployment, ctx: Context, bar: Bar | None) -> list[Decision]:
        decision = self._warming_up(deployment, ctx)
        if decision is not None:
            return self._keep(deployment, decision, ctx.now_ns)
        strategy = deployment.strategy
        if bar is None:
            return self.conclude(deployment, ctx, "on_check", lambda: strategy.on_check(ctx))
        return self.conclude(deployment, ctx, "on_bar", lambda: strategy.on_bar(ctx, bar))

    def conclude(
        self, deployment: Deployment, ctx: Context, handler: str, ask: Callable[[], Answer]
    ) -> list[Decision]:
        """Ask a strategy, and take its answer or its failure."""
        try:
            answer = ask()
            if answer is None and self.recording is not Recording.ALL:
                self.count_silences(deployment, silent_outcome(ctx), 1)
                return []
            decision = as_decision(ctx, answer)
        except InvariantBroken:
            raise
        except Exception as error:  # noqa: BLE001 - users' code runs here; supervised
            self._fail(deployment, handler, error, ctx.now_ns)
            return []
        return self._keep(deployment, decision, ctx.now_ns)

    def begin(self) -> None:
        """Forget what was noted of the last call."""
        self._begin()

    def foreseeable(self) -> dict[int, Deployment] | None:
        """Deployments by instrument when all a strategy can do is to answer bars of one length that
        compiled indicators follow; else None.
        """
        found: dict[int, Deployment] = {}
        for (index, timeframe_s), deployments in self._by_bar.items():
            one = deployments[0]
            if index in found or len(deployments) > 1 or one.wakes_on_s != timeframe_s:
                return None
            if not one.indicators.is_foreseeable:
                return None
            found[index] = one
        is_plain = not self._checking and self.recording is not Recording.ALL
        return found if is_plain and found else None

    def _warming_up(self, deployment: Deployment, ctx: Context) -> Decision | None:
        missing = deployment.indicators.undefined()
        if not missing or ctx.position is not None:
            return None
        return ctx.decide(WARM_UP, (verdict(WARM_UP, [undefined(name) for name in missing]),))

    def count_silences(self, deployment: Deployment, outcome: str, count: int) -> None:
        """Nothing was said so often, and nobody is to be told so: only the funnel knows."""
        row = self.funnel.row(deployment.strategy_id, deployment.instrument.instrument_id)
        row.end_with(outcome, count)
        deployment.last_outcome = (outcome, "")

    def _keep(self, deployment: Deployment, decision: Decision, now_ns: int) -> list[Decision]:
        self.funnel.count(decision)
        if decision.verdicts:
            self._note_quality(deployment, decision, now_ns)
        outcome = (decision.outcome, decision.reason)
        is_change = outcome != deployment.last_outcome and bool(decision.verdicts)
        deployment.last_outcome = outcome
        is_wanted = (
            decision.signal is not None
            or self.recording is Recording.ALL
            or (self.recording is Recording.CHANGES and is_change)
        )
        if not is_wanted:
            return []
        identity = DecisionId(self._ids.next_id("decision"))
        return [msgspec.structs.replace(decision, decision_id=identity)]

    def _note_quality(self, deployment: Deployment, decision: Decision, now_ns: int) -> None:
        for judged in decision.verdicts:
            wants = [check.name for check in judged.checks if check.reason == INSUFFICIENT]
            known = deployment.insufficient.get(judged.name)
            if not wants and not known:
                continue
            for metric in wants:
                if known is None or metric not in known:
                    self._events.append(
                        InsufficientDataQuality(
                            at_ns=now_ns,
                            instrument_id=decision.instrument_id,
                            reason=f"{deployment.strategy_id}: {judged.name} has too little data",
                            metric=metric,
                            value=float("nan"),
                        )
                    )
            deployment.insufficient[judged.name] = wants

    def _fail(self, deployment: Deployment, handler: str, error: Exception, now_ns: int) -> None:
        deployment.failures += 1
        deployment.is_suspended = deployment.failures >= MAX_FAILURES
        self._failures.append(
            StrategyFailed(
                now_ns,
                deployment.strategy_id,
                deployment.instrument.instrument_id,
                handler,
                f"{type(error).__name__}: {error}",
                deployment.failures,
                deployment.is_suspended,
                own_line(error),
            )
        )

    def _parameters(self) -> dict[StrategyId, bytes]:
        return {s.strategy_id: msgspec.msgpack.encode(s) for s in self._strategies}

    def _require_same(self, saved: _Snapshot) -> None:
        if saved.parameters != self._parameters():
            raise ConfigurationError(
                "expected the strategies and parameters of the snapshot "
                f"({', '.join(saved.parameters)}), found others ({', '.join(self._deployments)})"
            )
        here = [
            (name, one.instrument.instrument_id)
            for name, row in self._deployments.items()
            for one in row
        ]
        there = [(one.strategy, one.instrument_id) for one in saved.deployments]
        if here != there:
            raise ConfigurationError(
                f"expected the {len(there)} deployments of the snapshot, found {len(here)} others"
            )


def _has_own(strategy: Strategy, handler: str) -> bool:
    return getattr(type(strategy), handler) is not getattr(Strategy, handler)
