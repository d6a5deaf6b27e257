"""The watchman, against a plain reading of what each lock means; worked by hand."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.risk.protections.looks import trade

from undertow.domain.account import AccountView
from undertow.domain.event import CircuitBreakerReset, CircuitBreakerTriggered
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_S
from undertow.risk.arbiter import ClosePosition, Rule
from undertow.risk.protections.cooldown import Cooldown
from undertow.risk.protections.drawdown_guard import DrawdownGuard
from undertow.risk.protections.low_profit import LowProfit
from undertow.risk.protections.protection import Reach
from undertow.risk.protections.stop_guard import StopGuard
from undertow.risk.protections.watchman import Watchman


def _at(account: AccountView, second: int, equity: float = 10_000.0, **more: Any) -> AccountView:
    return msgspec.structs.replace(
        account, now_ns=second * NS_PER_S, equity=Money.of(f"{equity:.4f}", "USDT"), **more
    )


def test_without_protections_it_remembers_nothing(account: AccountView) -> None:
    watchman = Watchman(())
    assert watchman.on_trade(trade(1)) == []
    assert watchman.review(account) == []
    assert watchman.state.trades == []


def test_a_lock_is_told_once_prolonged_by_a_new_trade_and_told_when_it_is_over(
    account: AccountView,
) -> None:
    watchman = Watchman([Cooldown(stop_s=60)])
    (told,) = watchman.on_trade(trade(10))
    assert isinstance(told, CircuitBreakerTriggered)
    assert told.until_ns == 70 * NS_PER_S
    assert watchman.on_trade(trade(40)) == []
    assert watchman.lock_on("s", "BTC", 1, 99 * NS_PER_S) is not None
    assert watchman.lock_on("s", "ETH", 1, 99 * NS_PER_S) is None
    assert watchman.review(_at(account, 99)) == []
    (over,) = watchman.review(_at(account, 100))
    assert isinstance(over, CircuitBreakerReset)
    assert over.rule == "cooldown"
    assert watchman.lock_on("s", "BTC", 1, 100 * NS_PER_S) is None


def test_the_longest_lock_gives_the_reason(account: AccountView) -> None:
    watchman = Watchman([Cooldown(stop_s=60), StopGuard(trade_limit=1, stop_s=600)])
    watchman.on_trade(trade(10))
    lock = watchman.lock_on("s", "BTC", 1, 11 * NS_PER_S)
    assert lock is not None
    assert lock.rule == "stop_guard"


def test_what_is_older_than_every_look_back_is_forgotten() -> None:
    watchman = Watchman([LowProfit(lookback_s=600, trade_limit=2)])
    watchman.on_trade(trade(0))
    watchman.on_trade(trade(601))
    assert [one.closed_ns for one in watchman.state.trades] == [601 * NS_PER_S]
    assert watchman.state.locks == []


def test_a_fall_of_equity_is_flattened_and_punished_once(
    account: AccountView, position: Any
) -> None:
    watchman = Watchman([DrawdownGuard(lookback_s=3_600, max_ppm=50_000, stop_s=100)])
    held = (position("p1"),)
    assert watchman.review(_at(account, 10, positions=held)) == []
    assert watchman.actions(_at(account, 10, positions=held)) == []
    fallen = _at(account, 20, 9_400.0, positions=held)
    (told,) = watchman.review(fallen)
    assert isinstance(told, CircuitBreakerTriggered)
    closes = [a for a in watchman.actions(fallen) if isinstance(a, ClosePosition)]
    assert [(a.rule, a.strategy) for a in closes] == [(Rule.PROTECTION, "scalper")]
    # Flat at 9,400 the peak still lies in the look-back, but the lock is not prolonged ...
    assert watchman.review(_at(account, 60, 9_400.0)) == []
    assert watchman.lock_on("s", "BTC", 1, 119 * NS_PER_S) is not None
    # ... and not begun again when it is over: the best is sought anew.
    (over,) = watchman.review(_at(account, 120, 9_400.0))
    assert isinstance(over, CircuitBreakerReset)
    assert watchman.review(_at(account, 130, 9_300.0)) == []
    (again,) = watchman.review(_at(account, 140, 8_900.0))
    assert isinstance(again, CircuitBreakerTriggered)


def test_a_blocking_lock_closes_nothing(account: AccountView, position: Any) -> None:
    watchman = Watchman([DrawdownGuard(max_ppm=50_000, reach=Reach.BLOCK)])
    watchman.review(_at(account, 10))
    watchman.review(_at(account, 20, 9_000.0, positions=(position("p1"),)))
    assert watchman.actions(_at(account, 20, 9_000.0, positions=(position("p1"),))) == []


@given(st.lists(st.integers(9_000, 11_000), min_size=2, max_size=3_000))
def test_thinned_marks_keep_the_peak_and_the_present(levels: list[int]) -> None:
    watchman = Watchman([DrawdownGuard(lookback_s=600, max_ppm=500_000)])
    for second, level in enumerate(levels):
        watchman.review(_account(second + 1, level))
    marks = watchman.state.marks
    first = max(0, len(levels) - 600)
    assert marks[-1].amount == Money.of(str(levels[-1]), "USDT").amount
    assert max(mark.amount for mark in marks) >= Money.of(str(max(levels[first:])), "USDT").amount
    assert len(marks) <= 700


def _account(second: int, equity: int) -> AccountView:
    zero = Money.of("0", "USDT")
    money = Money.of(str(equity), "USDT")
    return AccountView(
        second * NS_PER_S, money, money, money, {"aster": zero}, (), (), frozenset(), 0
    )


@pytest.mark.parametrize("rule", [Cooldown(), StopGuard(), DrawdownGuard(), LowProfit()])
def test_a_configuration_names_a_protection_by_its_type(rule: msgspec.Struct) -> None:
    from undertow.risk.limits import RiskLimits

    text = msgspec.json.encode(RiskLimits(protections=(rule,)))  # type: ignore[arg-type]
    assert msgspec.json.decode(text, type=RiskLimits).protections == (rule,)
