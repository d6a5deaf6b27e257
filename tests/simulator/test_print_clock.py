from typing import Any

import pytest

from undertow.domain.order import Limit, Market, TimeInForce, Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.simulator.exchange_config import Fidelity
from undertow.simulator.latency import ConstantLatency
from undertow.simulator.print_clock import PrintClock

LINEAR = 1
S = 10**9


def clock(make_desk: Any, fidelity: Fidelity, length_s: int = 60, **config: Any) -> Any:
    desk = make_desk(fidelity=fidelity, **config)
    market = desk.markets.market(LINEAR)
    market["is_in_bar"], market["bar_at_ns"] = 1, 100 * S
    market["bar_length_ns"] = length_s * S
    return PrintClock(desk.markets, desk.config), desk


def test_an_open_is_fresh_for_a_second_or_half_the_bar(make_desk: Any) -> None:
    fresh, _ = clock(make_desk, Fidelity.BARS)
    assert fresh.is_fresh(LINEAR, 101 * S)
    assert not fresh.is_fresh(LINEAR, 101 * S + 1)
    short, _ = clock(make_desk, Fidelity.BARS, length_s=1)
    assert not short.is_fresh(LINEAR, 100 * S + S // 2 + 1)
    slow, _ = clock(make_desk, Fidelity.BARS, order_latency=ConstantLatency(2 * S))
    assert slow.is_fresh(LINEAR, 104 * S)
    trades, _ = clock(make_desk, Fidelity.TRADES)
    assert not trades.is_fresh(LINEAR, 100 * S)


@pytest.mark.parametrize(
    ("terms", "would_take", "waits"),
    [
        (Market(), False, True),
        (Limit(5), False, False),
        (Limit(5), True, True),
        (Limit(5, TimeInForce.IOC), False, True),
    ],
)
def test_who_waits(
    make_desk: Any, new_order: Any, terms: Any, would_take: bool, waits: bool
) -> None:
    late, desk = clock(make_desk, Fidelity.BARS)
    order = desk.register.add(new_order("a", Side.BUY, 1, terms), LINEAR)
    assert late.must_wait(order, 130 * S, would_take=would_take) is waits
    assert not late.must_wait(order, 100 * S, would_take=would_take)
    with late.now():
        assert not late.must_wait(order, 130 * S, would_take=would_take)
    book, desk = clock(make_desk, Fidelity.BOOK)
    assert not book.must_wait(order, 130 * S, would_take=would_take)


def test_a_price_for_a_while(make_desk: Any) -> None:
    some, desk = clock(make_desk, Fidelity.BARS)
    desk.markets.market(LINEAR)["last_ticks"] = 7
    with some.at(LINEAR, 5):
        assert desk.markets.last_ticks(LINEAR) == 5
    assert desk.markets.last_ticks(LINEAR) == 7


def test_what_a_stop_has_missed(make_desk: Any, new_order: Any) -> None:
    some, desk = clock(make_desk, Fidelity.BARS)
    market = desk.markets.market(LINEAR)
    market["missed_low"], market["missed_high"], market["missed_ns"] = 90, 110, 160 * S
    falls = Trigger(90, TriggerWhen.FALLS_TO, Market())
    stop = desk.register.add(new_order("a", Side.SELL, 1, falls, reduce=True), LINEAR)
    entry = desk.register.add(new_order("b", Side.SELL, 1, falls), LINEAR)
    cover = desk.register.add(new_order("c", Side.BUY, 1, falls, reduce=True), LINEAR)
    assert some.missed(stop, 90, 161 * S)
    assert not some.missed(stop, 89, 161 * S)
    assert not some.missed(stop, 90, 161 * S + 1)
    assert not some.missed(entry, 90, 161 * S)
    assert some.missed(cover, 110, 161 * S)
    assert not some.missed(cover, 111, 161 * S)
