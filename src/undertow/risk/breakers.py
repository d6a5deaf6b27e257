"""The circuit breakers: the day's ladder, the drawdown ladder, loss streaks, pauses, kill switch.

State is a plain struct; the rules are functions of it and of the account. Days are UTC. Every rule
acts once per crossing: reviewing twice changes nothing.
"""

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.event import CircuitBreakerReset, CircuitBreakerTriggered, Event
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_DAY, NS_PER_S, utc_day
from undertow.risk.limits import LossScope, RiskLimits
from undertow.risk.refusal import RefusalCode
from undertow.risk.stop_loss import PPM

LADDER_ALERT, LADDER_WORST_HALF, LADDER_CLOSE_ALL, LADDER_LOCK = 1, 2, 3, 4


class BreakerState(msgspec.Struct):
    """What the breakers remember. Times are nanoseconds, 0 = not set."""

    day: int = -1
    ladder_level: int = 0
    worst_half_done: bool = False
    is_killed: bool = False
    kill_reason: str = ""
    is_paused: bool = False
    drawdown_level: int = 0
    drawdown_pause_until_ns: int = 0
    losses: dict[str, int] = {}
    cooldown_until_ns: dict[str, int] = {}


def loss_ppm(now: Money, before: Money) -> int:
    """Loss from `before` to `now` as parts per million of `before`; 0 for a gain."""
    if before.amount <= 0:
        return 0
    return max(0, (before.amount - now.amount) * PPM // before.amount)


def start_day(state: BreakerState, account: AccountView) -> list[Event]:
    """Reset what belongs to a UTC day when a new one has begun."""
    today = utc_day(account.now_ns)
    if today == state.day:
        return []
    was_blocked = state.ladder_level >= LADDER_CLOSE_ALL
    state.day = today
    state.ladder_level = 0
    state.worst_half_done = False
    if was_blocked:
        return [CircuitBreakerReset(at_ns=account.now_ns, rule="daily_ladder")]
    return []


def climb_ladder(state: BreakerState, limits: RiskLimits, account: AccountView) -> list[Event]:
    """Raise the day's ladder to the level that today's loss has reached (it never comes down)."""
    lost = loss_ppm(account.equity, account.day_start_equity)
    steps = (
        limits.ladder_alert_ppm,
        limits.ladder_worst_half_ppm,
        limits.ladder_close_all_ppm,
        limits.ladder_lock_ppm,
    )
    level = sum(1 for step in steps if lost >= step)
    cap = Money.of(limits.max_daily_loss, account.equity.currency)
    if cap and account.day_start_equity - account.equity >= cap:
        level = LADDER_LOCK
    if level <= state.ladder_level:
        return []
    state.ladder_level = level
    until = (utc_day(account.now_ns) + 1) * NS_PER_DAY if level >= LADDER_CLOSE_ALL else 0
    reason = f"lost {lost / 10_000:.2f} % of the day's starting equity"
    return [_triggered(account, "daily_ladder", level, reason, until)]


def climb_drawdown(state: BreakerState, limits: RiskLimits, account: AccountView) -> list[Event]:
    """Raise the drawdown ladder: 1 pauses and halves size, 2 alerts, 3 stops until released."""
    lost = loss_ppm(account.equity, account.peak_equity)
    steps = (limits.drawdown_pause_ppm, limits.drawdown_alert_ppm, limits.drawdown_stop_ppm)
    level = sum(1 for step in steps if lost >= step)
    if level == 0 and 0 < state.drawdown_level < len(steps):
        state.drawdown_level = 0
        state.drawdown_pause_until_ns = 0
        return [CircuitBreakerReset(at_ns=account.now_ns, rule="drawdown")]
    if level <= state.drawdown_level:
        return []
    if state.drawdown_level == 0:
        state.drawdown_pause_until_ns = account.now_ns + limits.drawdown_pause_s * NS_PER_S
    state.drawdown_level = level
    reason = f"{lost / 10_000:.2f} % below the peak of equity"
    until = 0 if level == len(steps) else state.drawdown_pause_until_ns
    return [_triggered(account, "drawdown", level, reason, until)]


def loss_key(scope: LossScope, strategy: str, instrument_id: str) -> str:
    """What a loss counts against."""
    if scope is LossScope.ALL:
        return "all"
    return strategy if scope is LossScope.STRATEGY else f"{strategy}|{instrument_id}"


def count_result(
    state: BreakerState, limits: RiskLimits, key: str, pnl: Money, now_ns: int
) -> list[Event]:
    """Count a closed trade; a streak of losses starts the cool-down of its key."""
    if pnl.amount >= 0:
        state.losses.pop(key, None)
        return []
    streak = state.losses.get(key, 0) + 1
    state.losses[key] = streak
    if not limits.loss_streak or streak < limits.loss_streak:
        return []
    state.losses.pop(key)
    until = now_ns + limits.cooldown_s * NS_PER_S
    state.cooldown_until_ns[key] = until
    return [
        CircuitBreakerTriggered(
            at_ns=now_ns,
            rule="loss_streak",
            level=streak,
            reason=f"{streak} losses in a row of {key}",
            until_ns=until,
        )
    ]


def closed_door(state: BreakerState, key: str, now_ns: int) -> tuple[RefusalCode, str] | None:
    """Why no entry is allowed now, most severe first (C-90); None when the door is open."""
    if state.is_killed:
        return RefusalCode.KILL_SWITCH, f"kill switch engaged: {state.kill_reason}"
    if state.ladder_level >= LADDER_CLOSE_ALL:
        return RefusalCode.DAY_LOCKED, "today's loss limit is reached; entries reopen at 00:00 UTC"
    if state.drawdown_level >= 3:
        return RefusalCode.DRAWDOWN_STOP, "drawdown limit reached; an operator must resume entries"
    if now_ns < state.drawdown_pause_until_ns:
        return RefusalCode.DRAWDOWN_STOP, "paused after a drawdown"
    if state.is_paused:
        return RefusalCode.PAUSED, "entries are paused by an operator"
    if now_ns < state.cooldown_until_ns.get(key, 0):
        return RefusalCode.COOLDOWN, f"cool-down of {key} after a streak of losses"
    return None


def _triggered(
    account: AccountView, rule: str, level: int, reason: str, until_ns: int
) -> CircuitBreakerTriggered:
    return CircuitBreakerTriggered(
        at_ns=account.now_ns, rule=rule, level=level, reason=reason, until_ns=until_ns
    )
