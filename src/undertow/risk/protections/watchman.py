"""Keeps what protections look back on, asks them, and holds their locks."""

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.event import CircuitBreakerReset, CircuitBreakerTriggered, Event
from undertow.domain.time import NS_PER_S
from undertow.risk.arbiter import CancelEntries, ClosePosition, RiskAction, Rule
from undertow.risk.protections.drawdown_guard import DrawdownGuard
from undertow.risk.protections.kinds import Protection
from undertow.risk.protections.protection import EquityMark, FinishedTrade, Lock, LookBack, Reach

_MARKS = 512
"""Marks a look-back is made of: equity is kept no finer than a 512th of the longest."""


class WatchState(msgspec.Struct):
    """What is remembered; saved with the risk desk. Oldest first; locks by their place."""

    trades: list[FinishedTrade] = []
    marks: list[EquityMark] = []
    locks: list[Lock] = []


class Watchman:
    """A function of the trades and accounts that it was told, in their order."""

    def __init__(self, protections: Sequence[Protection]) -> None:
        self._protections = tuple(protections)
        self._longest_ns = max((p.lookback_s for p in self._protections), default=0) * NS_PER_S
        self._spacing_ns = self._longest_ns // _MARKS
        self._wants_marks = any(isinstance(p, DrawdownGuard) for p in self._protections)
        self.state = WatchState()

    @property
    def is_on_guard(self) -> bool:
        """True when there is a protection at all."""
        return bool(self._protections)

    def on_trade(self, trade: FinishedTrade) -> list[Event]:
        """Remember a trade that has ended, and judge."""
        if not self.is_on_guard:
            return []
        self.state.trades.append(trade)
        return self._judge(trade.closed_ns)

    def review(self, account: AccountView) -> list[Event]:
        """Take a mark of equity, judge, and say which locks are over."""
        state, now_ns = self.state, account.now_ns
        over = [lock for lock in state.locks if lock.until_ns <= now_ns]
        state.locks = [lock for lock in state.locks if lock.until_ns > now_ns]
        events: list[Event] = [CircuitBreakerReset(at_ns=now_ns, rule=x.rule) for x in over]
        if any(lock.rule == DrawdownGuard.name for lock in over):
            state.marks.clear()
        if self._wants_marks:
            self._mark(EquityMark(now_ns, account.equity.amount))
            events += self._judge(now_ns)
        return events

    def lock_on(self, strategy: str, instrument_id: str, side: int, now_ns: int) -> Lock | None:
        """The lock that forbids this entry, the one that lasts longest; None when there is none."""
        standing = (
            lock
            for lock in self.state.locks
            if lock.until_ns > now_ns and lock.covers(strategy, instrument_id, side)
        )
        return max(standing, key=lambda lock: lock.until_ns, default=None)

    def actions(self, account: AccountView) -> list[RiskAction]:
        """What flattening locks want closed now; asking again gives the same until it is gone."""
        flattening = [
            lock
            for lock in self.state.locks
            if lock.reach is Reach.FLATTEN and lock.until_ns > account.now_ns
        ]
        if not flattening:
            return []
        wanted: list[RiskAction] = [CancelEntries(Rule.PROTECTION, flattening[0].reason)]
        for held in account.positions:
            for lock in flattening:
                if lock.covers(held.strategy, held.instrument_id, int(held.side)):
                    reason = f"{lock.rule}: {lock.reason}"
                    wanted.append(
                        ClosePosition(Rule.PROTECTION, held.strategy, held.instrument_id, reason)
                    )
                    break
        return wanted

    def _mark(self, mark: EquityMark) -> None:
        # The newest mark is always the present; older ones are thinned to the spacing.
        marks = self.state.marks
        if len(marks) >= 2 and mark.at_ns - marks[-2].at_ns < self._spacing_ns:
            # Of two marks nearer than the spacing the higher stays: a peak is never forgotten.
            before = marks.pop()
            if before.amount > marks[-1].amount:
                marks[-1] = msgspec.structs.replace(marks[-1], amount=before.amount)
        marks.append(mark)

    def _judge(self, now_ns: int) -> list[Event]:
        self._forget(now_ns)
        events: list[Event] = []
        for protection in self._protections:
            if isinstance(protection, DrawdownGuard) and self._is_locked(protection.name):
                continue
            for lock in protection.locks(self._seen(protection, now_ns)):
                events += self._take(lock, now_ns)
        return events

    def _is_locked(self, rule: str) -> bool:
        return any(lock.rule == rule for lock in self.state.locks)

    def _take(self, lock: Lock, now_ns: int) -> list[Event]:
        if lock.until_ns <= now_ns:
            return []
        locks = self.state.locks
        standing = next((i for i, x in enumerate(locks) if x.place == lock.place), None)
        if standing is not None:
            if lock.until_ns > locks[standing].until_ns:
                locks[standing] = lock
            return []
        locks.append(lock)
        return [
            CircuitBreakerTriggered(
                at_ns=now_ns, rule=lock.rule, level=1, reason=lock.reason, until_ns=lock.until_ns
            )
        ]

    def _seen(self, protection: Protection, now_ns: int) -> LookBack:
        since_ns = now_ns - protection.lookback_s * NS_PER_S
        trades = self.state.trades
        marks = self.state.marks
        return LookBack(
            now_ns,
            tuple(trades[bisect_left(trades, since_ns, key=lambda t: t.closed_ns) :]),
            tuple(marks[bisect_left(marks, since_ns, key=lambda m: m.at_ns) :]),
        )

    def _forget(self, now_ns: int) -> None:
        since_ns = now_ns - self._longest_ns
        state = self.state
        del state.trades[: bisect_left(state.trades, since_ns, key=lambda t: t.closed_ns)]
        del state.marks[: bisect_left(state.marks, since_ns, key=lambda m: m.at_ns)]
