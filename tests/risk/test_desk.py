from typing import Any

import msgspec
import pytest

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.command import (
    EngageKillSwitch,
    FlattenAll,
    PauseEntries,
    ReleaseKillSwitch,
    ResumeEntries,
)
from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Approved, Intent, Refused
from undertow.domain.money import Money
from undertow.domain.order import Market, Purpose
from undertow.risk.desk import RiskDesk
from undertow.risk.limits import RiskLimits

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
        desk.on_position_closed("scalper", "I", Money.of("-1", "USDT"), account.now_ns)
    assert _code(desk.judge(entry, account, market)) == "cooldown"


def test_memory_survives_a_snapshot(desk: RiskDesk, table: InstrumentTable) -> None:
    desk.on_operator(EngageKillSwitch("file", "found"), 1)
    desk.on_position_closed("scalper", "I", Money.of("-1", "USDT"), 5)
    twin = RiskDesk(RiskLimits(), table)
    twin.restore(desk.snapshot())
    assert twin.state == desk.state
    with pytest.raises(SnapshotCorrupt, match="version 1, found 9"):
        twin.restore(msgspec.msgpack.encode((9, desk.state)))
