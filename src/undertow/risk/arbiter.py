"""One arbiter for everything that may act on open positions, with a fixed precedence (C-90).

Kill switch, daily lock, ladder, dump, leader exit, health, protections, exits, margin guard: when
several rules want something of the same position, the first of that list decides, and it is done
once.
"""

from collections.abc import Iterable
from enum import IntEnum

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.position import PositionView
from undertow.risk.breakers import (
    LADDER_CLOSE_ALL,
    LADDER_LOCK,
    LADDER_WORST_HALF,
    BreakerState,
)


class Rule(IntEnum):
    """The rules in order of precedence; a lower number wins."""

    KILL_SWITCH = 1
    DAILY_LOCK = 2
    LADDER = 3
    DUMP = 4
    LEADER_EXIT = 5
    HEALTH = 6
    PROTECTION = 7
    POSITION_EXIT = 8
    MARGIN = 9


class ClosePosition(msgspec.Struct, frozen=True, gc=False):
    """Close one strategy's position at market, reduce-only."""

    rule: Rule
    strategy: StrategyId
    instrument_id: InstrumentId
    reason: str


class CancelEntries(msgspec.Struct, frozen=True, gc=False):
    """Cancel every entry order that is still working; protective orders stay."""

    rule: Rule
    reason: str


RiskAction = ClosePosition | CancelEntries


def arbitrate(proposals: Iterable[ClosePosition]) -> list[ClosePosition]:
    """One action per position, the one of the highest precedence, in order of first proposal."""
    chosen: dict[tuple[str, str], ClosePosition] = {}
    for proposal in proposals:
        key = (proposal.strategy, proposal.instrument_id)
        standing = chosen.get(key)
        if standing is None or proposal.rule < standing.rule:
            chosen[key] = proposal
    return list(chosen.values())


def portfolio_actions(state: BreakerState, account: AccountView) -> list[RiskAction]:
    """What the breakers want done now. Asking again gives the same until the positions are gone;
    only closing the worst half is done once a day, because what is left would halve for ever.
    """
    if state.is_killed:
        return _close_all(account, Rule.KILL_SWITCH, state.kill_reason)
    if state.ladder_level >= LADDER_LOCK:
        return _close_all(account, Rule.DAILY_LOCK, "daily loss lock")
    if state.ladder_level >= LADDER_CLOSE_ALL:
        return _close_all(account, Rule.LADDER, "daily loss ladder: close all")
    if state.ladder_level >= LADDER_WORST_HALF and not state.worst_half_done:
        state.worst_half_done = True
        reason = "daily loss ladder: close the worst half"
        return [_close(position, Rule.LADDER, reason) for position in worst_half(account)]
    return []


def worst_half(account: AccountView) -> list[PositionView]:
    """ceil(n / 2) positions by unrealised return, worst first; ties by position id (D-54)."""
    ranked = sorted(account.positions, key=lambda p: (_open_result(p), p.position_id))
    return ranked[: (len(ranked) + 1) // 2]


def _open_result(position: PositionView) -> float:
    # In reporting money: the notional carries the rate.
    return float(position.notional) * position.return_ppm


def _close_all(account: AccountView, rule: Rule, reason: str) -> list[RiskAction]:
    actions: list[RiskAction] = [CancelEntries(rule, reason)]
    actions += [_close(position, rule, reason) for position in account.positions]
    return actions


def _close(position: PositionView, rule: Rule, reason: str) -> ClosePosition:
    return ClosePosition(rule, position.strategy, position.instrument_id, reason)
