"""The risk desk: judges every intent, reviews the account, remembers its breakers."""

import msgspec

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.command import (
    EngageKillSwitch,
    FlattenAll,
    OperatorCommand,
    PauseEntries,
    ReleaseKillSwitch,
    ResumeEntries,
)
from undertow.domain.errors import InvariantBroken, SnapshotCorrupt
from undertow.domain.event import (
    CircuitBreakerReset,
    CircuitBreakerTriggered,
    Event,
    PositionClosed,
)
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Approved, Check, Intent, Refused, RiskVerdict
from undertow.domain.order import Purpose
from undertow.risk.arbiter import (
    CancelEntries,
    ClosePosition,
    RiskAction,
    arbitrate,
    portfolio_actions,
)
from undertow.risk.breakers import (
    BreakerState,
    climb_drawdown,
    climb_ladder,
    closed_door,
    count_result,
    loss_key,
    start_day,
)
from undertow.risk.entry_checks import EntryCase, entry_checks
from undertow.risk.entry_size import exposures_of, size_entry
from undertow.risk.limits import RiskLimits
from undertow.risk.margin_guard import MarginGuard
from undertow.risk.protections.protection import FinishedTrade
from undertow.risk.protections.watchman import Watchman, WatchState
from undertow.risk.refusal import RefusalCode
from undertow.risk.stop_loss import PPM
from undertow.timeline.snapshot import PartBytes

_SNAPSHOT_VERSION = 3
STOP_REASONS = frozenset({"stop_loss", "trailing_stop", "liquidation"})
"""Reasons of exits that count as stopped."""


class RiskDesk:
    """Everything that wants to trade passes here, operators' commands included.

    Reducing exposure is always allowed; adding to it must pass every check, in paper and live
    alike. State changes only through these methods, so a replay makes the same verdicts.
    """

    def __init__(self, limits: RiskLimits, table: InstrumentTable) -> None:
        self.limits = limits
        self._table = table
        self._assets: dict[str, str] = {row.instrument_id: row.base for row in table}
        self.state = BreakerState()
        self._watchman = Watchman(limits.protections)
        self._margin = MarginGuard(limits, table)

    def judge(
        self, intent: Intent, account: AccountView, market: MarketFacts | None
    ) -> RiskVerdict:
        """Approve with a quantity, or refuse with the first rule that fails.

        market: what is known of the instrument's market; only entries need it.
        """
        if intent.purpose is Purpose.ENTRY:
            against = _held_against(intent, account)
            if against:
                # Execution closes it first, and by policy asks again about the entry when flat.
                return Approved(intent, against, (Check("closes_opposite", True, 1.0, 1.0),))
            if market is None:
                raise InvariantBroken(f"expected the market of an entry, found none: {intent}")
            return self._judge_entry(intent, account, market)
        if intent.qty_lots <= 0:
            words = f"expected a quantity to reduce by, found {intent.qty_lots}"
            return Refused(intent, RefusalCode.NOTHING_TO_DO, words, ())
        return Approved(intent, intent.qty_lots, (Check("reduces_risk", True, 1.0, 1.0),))

    def review(self, account: AccountView) -> tuple[list[Event], list[RiskAction]]:
        """Move the breakers to where the account now is; say what must be closed."""
        events = start_day(self.state, account)
        events += climb_ladder(self.state, self.limits, account)
        events += climb_drawdown(self.state, self.limits, account)
        events += self._watchman.review(account)
        actions = _once(portfolio_actions(self.state, account), self._watchman.actions(account))
        thin, closes = self._margin.review(account)
        return events + thin, _once(actions, [*closes])

    def on_position_closed(self, closed: PositionClosed) -> list[Event]:
        """Count a finished trade toward its loss streak, and let the protections see it."""
        key = loss_key(self.limits.loss_scope, closed.strategy, closed.instrument_id)
        events = count_result(self.state, self.limits, key, closed.pnl, closed.at_ns)
        finished = FinishedTrade(
            closed.at_ns,
            closed.strategy,
            closed.instrument_id,
            closed.side,
            round(closed.pnl_percent * PPM / 100),
            closed.reason in STOP_REASONS,
        )
        return events + self._watchman.on_trade(finished)

    def on_operator(self, command: OperatorCommand, now_ns: int) -> list[Event]:
        """Take an operator's command; what it closes is said by the next review."""
        match command:
            case EngageKillSwitch():
                if self.state.is_killed:
                    return []
                self.state.is_killed = True
                self.state.kill_reason = f"{command.reason} ({command.origin})"
                return [_switched(now_ns, "kill_switch", self.state.kill_reason)]
            case ReleaseKillSwitch():
                was_killed = self.state.is_killed
                self.state.is_killed = False
                self.state.kill_reason = ""
                rule = "kill_switch"
                return [CircuitBreakerReset(at_ns=now_ns, rule=rule)] if was_killed else []
            case PauseEntries():
                self.state.is_paused = True
                return [_switched(now_ns, "pause", f"entries paused ({command.origin})")]
            case ResumeEntries():
                self.state.is_paused = False
                self.state.drawdown_level = 0
                self.state.drawdown_pause_until_ns = 0
                return [CircuitBreakerReset(at_ns=now_ns, rule="pause")]
            case FlattenAll():
                return []  # a single action of the engine, no state of ours
        raise InvariantBroken(f"expected an operator's command, found {command!r}")

    def snapshot(self) -> bytes:
        """The breakers' and the protections' memory."""
        return msgspec.msgpack.encode(
            (_SNAPSHOT_VERSION, self.state, self._watchman.state, self._margin.thin)
        )

    def restore(self, data: PartBytes) -> None:
        """Take the memory of a snapshot; raises `SnapshotCorrupt` on another version."""
        self.state, self._watchman.state, self._margin.thin = _decoded(data)

    def _judge_entry(
        self, intent: Intent, account: AccountView, market: MarketFacts
    ) -> RiskVerdict:
        key = loss_key(self.limits.loss_scope, intent.strategy, intent.instrument_id)
        door = closed_door(self.state, key, account.now_ns)
        if door is not None:
            return Refused(intent, door[0], door[1], (Check(door[0].value, False, 0.0, 1.0),))
        lock = self._watchman.lock_on(
            intent.strategy, intent.instrument_id, int(intent.side), account.now_ns
        )
        if lock is not None:
            failed = Check(lock.rule, False, 0.0, 1.0, lock.reason)
            words = f"{lock.rule}: {lock.reason}"
            return Refused(intent, RefusalCode.PROTECTED, words, (failed,))
        thin = self._margin.refusal(account, intent.instrument_id)
        if thin:
            failed = Check(RefusalCode.MARGIN_BUFFER.value, False, 0.0, 1.0, thin)
            return Refused(intent, RefusalCode.MARGIN_BUFFER, thin, (failed,))
        instrument = self._table.get(intent.instrument_id)
        case = EntryCase(intent, instrument, account, market, self.limits)
        passed: list[Check] = []
        for code, check in entry_checks(case):
            passed.append(check)
            if not check.passed:
                words = f"{check.name}: {check.value:g} against {check.threshold:g}"
                reason = f"{words} {check.reason}".rstrip()
                return Refused(intent, code, reason, tuple(passed))
        exposures = exposures_of(account, case, self._assets)
        size = size_entry(case, exposures, PPM // 2 if self.state.drawdown_level else PPM)
        checks = (*passed, *size.checks)
        if size.lots <= 0:
            return Refused(intent, size.code, size.reason, checks)
        return Approved(intent, size.lots, checks)


def _once(first: list[RiskAction], second: list[RiskAction]) -> list[RiskAction]:
    # Each position is closed once, by the rule of higher precedence; entries are cancelled once.
    if not first or not second:
        return first or second
    cancels = [action for action in first + second if isinstance(action, CancelEntries)]
    closes = [action for action in first + second if isinstance(action, ClosePosition)]
    return [*cancels[:1], *arbitrate(closes)]


def _decoded(data: PartBytes) -> tuple[BreakerState, WatchState, list[str]]:
    version, *parts = msgspec.msgpack.decode(data)
    if version != _SNAPSHOT_VERSION:
        raise SnapshotCorrupt(
            f"expected risk snapshot version {_SNAPSHOT_VERSION}, found {version}"
        )
    breakers = msgspec.convert(parts[0], BreakerState)
    return breakers, msgspec.convert(parts[1], WatchState), msgspec.convert(parts[2], list[str])


def _held_against(intent: Intent, account: AccountView) -> int:
    # Lots of the strategy's own position on the other side of an entry.
    name = (intent.strategy, intent.instrument_id)
    for position in account.positions:
        if (position.strategy, position.instrument_id) == name and position.side != intent.side:
            return position.qty_lots
    return 0


def _switched(now_ns: int, rule: str, reason: str) -> CircuitBreakerTriggered:
    return CircuitBreakerTriggered(at_ns=now_ns, rule=rule, level=1, reason=reason, until_ns=0)
