import msgspec

from undertow.domain.account import AccountView
from undertow.domain.event import CircuitBreakerReset, CircuitBreakerTriggered
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_DAY, NS_PER_S
from undertow.risk.breakers import (
    BreakerState,
    climb_drawdown,
    climb_ladder,
    closed_door,
    count_result,
    loss_key,
    loss_ppm,
    start_day,
)
from undertow.risk.limits import LossScope, RiskLimits

replace = msgspec.structs.replace
LIMITS = RiskLimits()


def _with(account: AccountView, equity: str) -> AccountView:
    return replace(account, equity=Money.of(equity, "USDT"))


def test_loss_is_a_share_and_a_gain_is_no_loss() -> None:
    hundred = Money.of("100", "USDT")
    assert loss_ppm(Money.of("95", "USDT"), hundred) == 50_000
    assert loss_ppm(Money.of("105", "USDT"), hundred) == 0
    assert loss_ppm(hundred, Money.zero("USDT")) == 0


def test_the_ladder_climbs_once_per_step(account: AccountView) -> None:
    state = BreakerState()
    seen = []
    for equity in ("9900", "9800", "9790", "9700", "9600", "9500", "9900"):
        seen += climb_ladder(state, LIMITS, _with(account, equity))
    levels = [event.level for event in seen if isinstance(event, CircuitBreakerTriggered)]
    assert levels == [1, 2, 3, 4]
    assert state.ladder_level == 4


def test_a_daily_loss_in_money_locks_when_tighter(account: AccountView) -> None:
    state = BreakerState()
    limits = RiskLimits(max_daily_loss="50")
    climb_ladder(state, limits, _with(account, "9950"))
    assert closed_door(state, "x", account.now_ns) is not None


def test_a_new_utc_day_reopens(account: AccountView) -> None:
    state = BreakerState()
    start_day(state, account)
    climb_ladder(state, LIMITS, _with(account, "9500"))
    tomorrow = replace(account, now_ns=account.now_ns + NS_PER_DAY)
    events = start_day(state, tomorrow)
    assert [type(event) for event in events] == [CircuitBreakerReset]
    assert closed_door(state, "x", tomorrow.now_ns) is None
    assert start_day(state, tomorrow) == []


def test_drawdown_pauses_then_stops_for_good(account: AccountView) -> None:
    state = BreakerState()
    climb_drawdown(state, LIMITS, _with(account, "8900"))
    assert closed_door(state, "x", account.now_ns) is not None
    after = account.now_ns + 86_400 * NS_PER_S
    assert closed_door(state, "x", after) is None
    climb_drawdown(state, LIMITS, _with(account, "7900"))
    assert closed_door(state, "x", after * 2) is not None
    assert climb_drawdown(state, LIMITS, account) == []


def test_a_shallow_drawdown_heals(account: AccountView) -> None:
    state = BreakerState()
    climb_drawdown(state, LIMITS, _with(account, "8900"))
    assert [type(e) for e in climb_drawdown(state, LIMITS, account)] == [CircuitBreakerReset]
    assert state.drawdown_level == 0


def test_three_losses_cool_down_and_a_win_forgives() -> None:
    state = BreakerState()
    loss, win = Money.of("-1", "USDT"), Money.of("1", "USDT")
    for pnl in (loss, loss, win, loss, loss):
        assert count_result(state, LIMITS, "s", pnl, 0) == []
    events = count_result(state, LIMITS, "s", loss, 5)
    assert len(events) == 1
    assert closed_door(state, "s", 6) is not None
    assert closed_door(state, "other", 6) is None
    assert closed_door(state, "s", 5 + 3_600 * NS_PER_S) is None


def test_loss_scopes() -> None:
    assert loss_key(LossScope.ALL, "s", "i") == "all"
    assert loss_key(LossScope.STRATEGY, "s", "i") == "s"
    assert loss_key(LossScope.INSTRUMENT, "s", "i") == "s|i"
