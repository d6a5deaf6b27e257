"""The margin guard on accounts whose buffers are worked by hand."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.risk.conftest import PERP, SPOT, usdt

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.errors import ConfigurationError
from undertow.domain.event import CircuitBreakerTriggered
from undertow.domain.identity import InstrumentId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Intent, Refused
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.risk.arbiter import ClosePosition, Rule
from undertow.risk.desk import RiskDesk
from undertow.risk.limits import RiskLimits
from undertow.risk.margin_guard import MarginGuard, MarginState

replace = msgspec.structs.replace
MakePosition = Callable[..., PositionView]
ETH = InstrumentId("ETH/USDT:USDT@aster")
LIMITS = RiskLimits(maintenance_ppm=100_000, max_leverage=10)  # a tenth each: easy by hand


def _account(account: AccountView, cash: str, *held: PositionView) -> AccountView:
    return replace(account, free_cash={"aster": usdt(cash)}, positions=held)


def _two(position: MakePosition) -> tuple[PositionView, PositionView]:
    small = position("p1", notional=usdt("2000"))
    large = position("p2", instrument_id=ETH, index=2, notional=usdt("5000"))
    return small, large


def test_below_thirty_percent_the_nearest_to_liquidation_is_closed(
    table: InstrumentTable, account: AccountView, position: MakePosition
) -> None:
    guard = MarginGuard(LIMITS, table)
    # Maintenance 700, margin 700: free cash of 299 makes an equity of 999, a buffer of 29.9 %.
    events, actions = guard.review(_account(account, "299", *_two(position)))
    (told,) = events
    assert isinstance(told, CircuitBreakerTriggered)
    assert (told.rule, told.level) == ("margin_buffer", 1)
    (close,) = actions
    assert (close.rule, close.instrument_id) == (Rule.MARGIN, ETH)
    assert close.reason == "margin buffer 29.9% at aster, at least 30%"
    # Still so at the next look: the same is asked again, and told once.
    again, actions = guard.review(_account(account, "299", *_two(position)))
    assert (again, actions) == ([], [close])
    over, none = guard.review(_account(account, "5000", _two(position)[0]))
    assert [type(e).__name__ for e in over] == ["CircuitBreakerReset"]
    assert none == []


def test_at_thirty_percent_nothing_is_closed_and_nothing_added(
    table: InstrumentTable, account: AccountView, position: MakePosition
) -> None:
    guard = MarginGuard(LIMITS, table)
    held = _two(position)
    assert guard.review(_account(account, "301", *held)) == ([], [])
    assert "50% is wanted" in guard.refusal(_account(account, "301", *held), PERP)
    assert guard.refusal(_account(account, "301", *held), SPOT) == ""
    assert guard.refusal(_account(account, "701", *held), PERP) == ""
    assert guard.refusal(_account(account, "0"), PERP) == ""


def test_an_account_without_equity_is_reduced(
    table: InstrumentTable, account: AccountView, position: MakePosition
) -> None:
    _, actions = MarginGuard(LIMITS, table).review(_account(account, "-900", *_two(position)))
    assert len(actions) == 1


def test_hedged_positions_need_margin_once(
    table: InstrumentTable, account: AccountView, position: MakePosition
) -> None:
    long = position("p1", notional=usdt("5000"))
    short = position("p2", strategy="other", side=Side.SELL, notional=usdt("5000"))
    assert MarginGuard(LIMITS, table).review(_account(account, "1", long, short)) == ([], [])


def test_spot_needs_no_margin_and_zero_switches_off(
    table: InstrumentTable, account: AccountView, position: MakePosition
) -> None:
    spot = position("p1", instrument_id=SPOT, index=1)
    assert MarginGuard(LIMITS, table).review(_account(account, "0", spot)) == ([], [])
    off = MarginGuard(replace(LIMITS, margin_reduce_ppm=0), table)
    assert off.review(_account(account, "-900", *_two(position))) == ([], [])


def test_distance_to_liquidation(position: MakePosition) -> None:
    # A lone long of 5,000 with an equity of 1,000 and a maintenance of a tenth of its value:
    # 1,000 - 5,000 x = 500 (1 - x) where it is liquidated, so x = 1 / 9.
    one = position("p1", notional=usdt("5000"))
    state = MarginState("aster", 1_000.0, 500.0, (one,))
    assert state.buffer == 0.5
    assert state.distance(one) == pytest.approx(1 / 9)


def test_the_desk_refuses_and_remembers(
    table: InstrumentTable,
    account: AccountView,
    position: MakePosition,
    entry: Intent,
    market: MarketFacts,
) -> None:
    desk = RiskDesk(LIMITS, table)
    thin = _account(account, "299", *_two(position))
    events, actions = desk.review(thin)
    assert [e.rule for e in events if hasattr(e, "rule")] == ["margin_buffer"]
    assert any(isinstance(a, ClosePosition) and a.rule is Rule.MARGIN for a in actions)
    verdict: Any = desk.judge(entry, thin, market)
    assert isinstance(verdict, Refused)
    assert verdict.code == "margin_buffer"
    other = RiskDesk(LIMITS, table)
    other.restore(desk.snapshot())
    assert other.review(thin)[0] == []


def test_limits_must_rise() -> None:
    with pytest.raises(ConfigurationError, match="margin_"):
        RiskLimits(margin_wanted_ppm=200_000)
