from typing import Any

import msgspec
import pytest
from tests.risk.finished import closed

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.command import (
    EngageKillSwitch,
    FlattenAll,
    PauseEntries,
    ReleaseKillSwitch,
    ResumeEntries,
)
from undertow.domain.errors import InvariantBroken, SnapshotCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Approved, Intent, Refused
from undertow.domain.money import Money
from undertow.domain.order import Market, Purpose
from undertow.domain.side import Side
from undertow.risk.arbiter import CancelEntries, ClosePosition
from undertow.risk.desk import RiskDesk
from undertow.risk.limits import RiskLimits
from undertow.risk.protections.cooldown import Cooldown
from undertow.risk.protections.drawdown_guard import DrawdownGuard
from undertow.risk.stake import Stake

replace = msgspec.structs.replace


@pytest.fixture
def desk(table: InstrumentTable) -> RiskDesk:
    return RiskDesk(RiskLimits(), table)


def _code(verdict: Approved | Refused) -> str:
    return verdict.code if isinstance(verdict, Refused) else "approved"


def test_a_sound_entry_is_sized(
    desk: RiskDesk, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    verdict = desk.judge(entry, account, market)
    assert isinstance(verdict, Approved)
    assert verdict.qty_lots == 50
    assert any(check.name == "size_position_limit" for check in verdict.checks)


def test_a_refusal_says_the_numbers(
    desk: RiskDesk, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    verdict = desk.judge(replace(entry, stop_ticks=490_000), account, market)
    assert isinstance(verdict, Refused)
    assert verdict.code == "stop_too_far"
    assert "20000 against 5000" in verdict.reason


def test_reducing_is_allowed_even_when_killed(
    desk: RiskDesk, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    desk.on_operator(EngageKillSwitch("file", "found"), 1)
    close = replace(entry, purpose=Purpose.EXIT, terms=Market(), qty_lots=7)
    assert desk.judge(close, account, market) == Approved(
        close, 7, desk.judge(close, account, market).checks
    )
    assert _code(desk.judge(replace(close, qty_lots=0), account, market)) == "nothing_to_do"
    assert _code(desk.judge(entry, account, market)) == "kill_switch"


def test_only_an_entry_needs_the_market(
    desk: RiskDesk, entry: Intent, account: AccountView
) -> None:
    close = replace(entry, purpose=Purpose.EXIT, terms=Market(), qty_lots=7)
    assert _code(desk.judge(close, account, None)) == "approved"
    with pytest.raises(InvariantBroken, match="expected the market of an entry"):
        desk.judge(entry, account, None)


def test_operators_open_and_close_the_door(
    desk: RiskDesk, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    assert len(desk.on_operator(EngageKillSwitch("signal", "x"), 1)) == 1
    assert desk.on_operator(EngageKillSwitch("signal", "x"), 2) == []
    assert len(desk.on_operator(ReleaseKillSwitch("command"), 3)) == 1
    assert desk.on_operator(ReleaseKillSwitch("command"), 3) == []
    desk.on_operator(PauseEntries("command"), 4)
    assert _code(desk.judge(entry, account, market)) == "paused"
    desk.on_operator(ResumeEntries("command"), 5)
    assert desk.on_operator(FlattenAll("command", "x"), 6) == []
    assert _code(desk.judge(entry, account, market)) == "approved"


def test_review_locks_the_day_and_closes_all(
    desk: RiskDesk, entry: Intent, account: AccountView, market: MarketFacts, position: Any
) -> None:
    poor = replace(account, equity=Money.of("9400", "USDT"), positions=(position(),))
    events, actions = desk.review(poor)
    assert len(events) == 1
    assert len(actions) == 2
    assert desk.review(poor)[0] == []
    assert _code(desk.judge(entry, poor, market)) == "day_locked"


def test_losses_cool_the_strategy_down(
    desk: RiskDesk, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    for _ in range(3):
        desk.on_position_closed(closed(account.now_ns, instrument_id="I"))
    assert _code(desk.judge(entry, account, market)) == "cooldown"


def test_memory_survives_a_snapshot(desk: RiskDesk, table: InstrumentTable) -> None:
    desk.on_operator(EngageKillSwitch("file", "found"), 1)
    desk.on_position_closed(closed(5, instrument_id="I"))
    twin = RiskDesk(RiskLimits(), table)
    twin.restore(desk.snapshot())
    assert twin.state == desk.state
    with pytest.raises(SnapshotCorrupt, match="version 3, found 9"):
        twin.restore(msgspec.msgpack.encode((9, desk.state)))


def test_a_protection_refuses_with_its_reason(
    table: InstrumentTable, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    desk = RiskDesk(RiskLimits(protections=(Cooldown(stop_s=60),)), table)
    assert _code(desk.judge(entry, account, market)) == "approved"
    events = desk.on_position_closed(closed(account.now_ns, 2.0))
    assert [getattr(event, "rule", "") for event in events] == ["cooldown"]
    verdict = desk.judge(entry, account, market)
    assert isinstance(verdict, Refused)
    assert verdict.code == "protected"
    assert verdict.reason == "cooldown: BTC/USDT:USDT@aster rests 60 s after a trade"
    rested = replace(account, now_ns=account.now_ns + 60 * 10**9)
    assert _code(desk.judge(entry, rested, market)) == "approved"


def test_a_flattening_protection_closes_each_position_once(
    table: InstrumentTable, account: AccountView, position: Any
) -> None:
    desk = RiskDesk(RiskLimits(protections=(DrawdownGuard(max_ppm=30_000),)), table)
    desk.review(account)
    poor = replace(
        account,
        now_ns=account.now_ns + 10**9,
        equity=account.equity.times(96, 100),
        positions=(position("p1"), position("p2", strategy="other")),
    )
    events, actions = desk.review(poor)
    assert "drawdown_guard" in [getattr(event, "rule", "") for event in events]
    closes = [(a.strategy, a.rule.name) for a in actions if isinstance(a, ClosePosition)]
    # The day's ladder (4 % lost: close all) has precedence over the protection.
    assert closes == [("scalper", "LADDER"), ("other", "LADDER")]
    assert sum(isinstance(a, CancelEntries) for a in actions) == 1


def test_protections_survive_a_snapshot(
    table: InstrumentTable, entry: Intent, account: AccountView, market: MarketFacts
) -> None:
    limits = RiskLimits(protections=(Cooldown(stop_s=60),))
    desk = RiskDesk(limits, table)
    desk.on_position_closed(closed(account.now_ns))
    twin = RiskDesk(limits, table)
    twin.restore(desk.snapshot())
    assert _code(twin.judge(entry, account, market)) == "protected"
    assert twin.snapshot() == desk.snapshot()


def test_an_entry_against_the_own_position_closes_it_whatever_the_limits(
    entry: Intent, table: InstrumentTable, account: AccountView, market: MarketFacts, position: Any
) -> None:
    held = position(side=Side.SELL)
    desk = RiskDesk(RiskLimits(max_positions=1, blacklist=(str(held.instrument_id),)), table)
    verdict = desk.judge(entry, msgspec.structs.replace(account, positions=(held,)), market)
    assert isinstance(verdict, Approved)
    assert verdict.qty_lots == held.qty_lots


def test_research_with_a_stake_needs_no_stop(
    entry: Intent, table: InstrumentTable, account: AccountView, market: MarketFacts
) -> None:
    bare = msgspec.structs.replace(entry, stop_ticks=0)
    usual = RiskDesk(RiskLimits(), table).judge(bare, account, market)
    assert isinstance(usual, Refused)
    assert usual.code == "stop_missing"
    limits = RiskLimits(is_research=True, stake=Stake.read("100"))
    assert isinstance(RiskDesk(limits, table).judge(bare, account, market), Approved)
