"""One member's minutes: values by contract, and why a minute does not count."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.market_event import (
    GAP_TRADES,
    Liquidation,
    MarkPrice,
    OpenInterest,
    Quote,
    SequenceGap,
    SourceStatus,
)
from undertow.domain.side import Side
from undertow.flow.member_minutes import (
    Absence,
    joined_s,
    last_closed_s,
    lay_minutes,
    settled_until_s,
)

Make = Callable[..., Any]
S = 10**9
T0_S = 1_700_000_040
T0 = T0_S * S
HOUR = 3600 * S


def laid(tape: Any, member: int, count: int = 3) -> Any:
    tape.play()
    return lay_minutes(tape.state[member], T0_S, count, 28_800)


@pytest.mark.parametrize("member", [0, 1, 2, 3])
def test_the_same_flow_gives_the_same_figures_on_every_contract(
    member: int, make_tape: Make
) -> None:
    tape = make_tape()
    tape.beat(0, 190)
    lots = {0: 3000, 1: 300, 2: 300, 3: 1500}[member]  # 3 coins at 50 000 dollars
    tape.trade(member, 70, 1, lots)
    plain = laid(tape, member)
    one_lot = {0: 0.001, 1: 0.01, 2: 0.01, 3: 100 / 50_000}[member]
    assert plain.buy_base[1] - plain.sell_base[1] == pytest.approx(3.0, rel=1e-12)
    assert plain.buy_usd[1] - plain.sell_usd[1] == pytest.approx(150_000, rel=1e-12)
    assert plain.buy_base[2] == pytest.approx(30 * one_lot)
    assert plain.price[1] == 50_000.0
    assert plain.absence.tolist() == [Absence.NOT_BEGUN, 0, 0]


@pytest.mark.parametrize(("member", "base"), [(1, 7.0), (3, 700 * 100 / 51_000)])
def test_open_interest_is_valued_at_the_mark(member: int, base: float, make_tape: Make) -> None:
    tape, source = make_tape(), {1: 0, 3: 2}[member]
    tape.beat(0, 190)
    t = T0 + 65 * S
    tape.events.append(OpenInterest(member, source, t, t, 700))
    tape.events.append(MarkPrice(member, source, t, t, 51_000 * 10**8, 1, -(10**8), T0 + HOUR))
    found = laid(tape, member)
    assert np.isnan(found.open_interest_base[0])
    assert found.open_interest_base[1] == pytest.approx(base)
    assert found.open_interest_usd[1] == pytest.approx(base * 51_000)
    assert found.funding_per_hour[1] == pytest.approx(-1e-4 / 8)


def test_a_known_interval_scales_the_funding(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 190)
    for second, hours in ((10, 1), (70, 5)):
        t = T0 + second * S
        tape.events.append(MarkPrice(1, 0, t, t, 50_000 * 10**8, 1, 4 * 10**8, T0 + hours * HOUR))
    found = laid(tape, 1)
    assert found.funding_per_hour[1:].tolist() == pytest.approx([1e-4, 1e-4])
    assert np.isnan(laid(tape, 0).funding_per_hour).all()


def test_liquidations_are_those_of_the_minute(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 190)
    for second, side, lots in ((30, Side.BUY, 5), (70, Side.BUY, 10), (130, Side.SELL, 4)):
        t = T0 + second * S
        tape.events.append(Liquidation(3, 2, t, t, side, 500_000, lots))
        tape.events.append(Liquidation(1, 0, t, t, side, 500_000, lots))
    inverse, linear = laid(tape, 3), lay_minutes(tape.state[1], T0_S, 3, 28_800)
    assert inverse.liquidated_buy_usd[1:].tolist() == [1000.0, 0.0]
    assert inverse.liquidated_sell_usd[1:].tolist() == [0.0, 400.0]
    assert linear.liquidated_sell_usd[1:].tolist() == pytest.approx([0.0, 4 * 0.01 * 50_000])


def test_the_price_is_the_middle_where_it_is_known(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 190)
    t = T0 + 100 * S
    tape.events.append(Quote(0, 0, t, t, 500_010, 1, 500_030, 1))
    assert laid(tape, 0).price.tolist() == [50_000.0, 50_002.0, 50_002.0]


def test_lost_feeds_and_lost_trades_are_told_apart(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 310)
    t = T0 + 70 * S
    tape.events.append(SequenceGap(0, 0, t, t, GAP_TRADES, 1, 5, 4))
    tape.events += [
        SourceStatus(1, 0, T0 + s * S, T0 + s * S, is_up) for s, is_up in ((70, False), (130, True))
    ]
    trades = laid(tape, 0, 5).absence.tolist()
    assert trades == [Absence.NOT_BEGUN, Absence.GAPPED, 0, 0, 0]
    feed = laid(tape, 1, 5).absence.tolist()
    assert feed == [Absence.NOT_BEGUN, Absence.LOST, Absence.LOST, 0, 0]


def test_a_connection_that_went_down_spoils_its_minute(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 100)
    tape.play()
    tape.state.set_source_health(0, is_healthy=False)
    tape.state.set_source_health(0, is_healthy=True)
    tape.beat(100, 190)
    assert laid(tape, 0).absence.tolist() == [Absence.NOT_BEGUN, Absence.DOWN, 0]
    assert laid(tape, 2).absence.tolist() == [Absence.NOT_BEGUN, 0, 0]


def test_what_is_not_closed_tells_its_present_trouble(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 130)
    tape.play()
    assert laid(tape, 0, 4).absence.tolist()[2:] == [Absence.SILENT] * 2
    tape.state.set_source_health(0, is_healthy=False)
    assert laid(tape, 0, 4).absence.tolist()[2:] == [Absence.DOWN] * 2
    t = T0 + 131 * S
    tape.events.append(SourceStatus(2, 1, t, t, is_healthy=False))
    assert laid(tape, 2, 4).absence.tolist()[2:] == [Absence.LOST] * 2
    later = lay_minutes(tape.state[2], T0_S + 600, 2, 28_800)
    assert later.absence.tolist() == [Absence.LOST] * 2
    before = lay_minutes(tape.state[2], T0_S - 600, 2, 28_800)
    assert before.absence.tolist() == [Absence.NOT_BEGUN] * 2


def test_when_a_member_has_joined_closed_and_settled(make_tape: Make) -> None:
    tape = make_tape()
    one = tape.state[0]
    assert (joined_s(one), last_closed_s(one), settled_until_s(one)) == (0, 0, None)
    tape.beat(30, 40, (0,))
    tape.play()
    assert (joined_s(one), last_closed_s(one)) == (T0_S + 60, 0)
    assert settled_until_s(one) == T0_S + 60
    tape.beat(40, 150, (0,))
    tape.play()
    assert (last_closed_s(one), settled_until_s(one)) == (T0_S + 120, T0_S + 120)
    tape.state.advance_clock(T0 + 1000 * S)
    assert settled_until_s(one) == (T0_S + 1000 - 12) // 60 * 60
