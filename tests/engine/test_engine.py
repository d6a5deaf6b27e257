"""The engine as one function of its inputs, on a small synthetic world."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest

from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.command import (
    AmendOrder,
    EngageKillSwitch,
    FlattenAll,
    PauseEntries,
    ReleaseKillSwitch,
    SubmitOrder,
)
from undertow.domain.engine_input import (
    ClockAdvanced,
    OperatorCommanded,
    ReportReceived,
    SourceChanged,
)
from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.event import (
    CircuitBreakerTriggered,
    DecisionMade,
    MarketDataConnectionLost,
    MarketDataConnectionRestored,
    PositionClosed,
    RiskJudged,
)
from undertow.domain.intent import Signal
from undertow.domain.order import Purpose
from undertow.domain.report import FundingSettled
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY, NS_PER_S
from undertow.timeline.exact_msgpack import encode_exact


def _bytes(effects: list[Any]) -> list[bytes]:
    return [encode_exact(effect) for effect in effects]


def test_it_trades_both_ways_and_the_books_balance(reference: Any) -> None:
    closed = [e for e in reference.effects if isinstance(e, PositionClosed)]
    assert {e.side for e in closed} == {Side.BUY, Side.SELL}
    assert len(closed) == reference.engine.memory.counters.trades >= 10
    reference.engine.check()


def test_the_venue_and_the_ledger_agree(reference: Any) -> None:
    engine, exchange = reference.engine, reference.exchange
    for index, instrument in enumerate(engine.table):
        assert engine.ledger.net_lots(instrument.instrument_id) == exchange.signed_lots(index)
    for money in exchange.balances():
        assert engine.ledger.balance("aster", money.currency) == money


def test_every_entry_is_protected_at_the_venue(reference: Any) -> None:
    submitted = [e.order for e in reference.effects if isinstance(e, SubmitOrder)]
    entries = [order for order in submitted if order.purpose is Purpose.ENTRY]
    stops = [order for order in submitted if order.purpose is Purpose.PROTECT]
    assert len(entries) >= len(stops) >= reference.engine.memory.counters.trades
    assert all(order.is_reduce_only for order in submitted if order.purpose is not Purpose.ENTRY)
    assert any(isinstance(effect, AmendOrder) for effect in reference.effects)


@pytest.mark.parametrize("slicing", [{"most_rows": 1}, {"most_rows": 7}, {"limit_ns": 40_000_000}])
def test_slicing_changes_neither_effects_nor_state(
    reference: Any, make_paper: Callable[..., Any], slicing: dict[str, int]
) -> None:
    other = make_paper().run(180, **slicing)
    assert _bytes(other.effects) == _bytes(reference.effects)
    assert other.engine.state_hash() == reference.engine.state_hash()


@pytest.mark.parametrize("seed", [1, 2])
def test_random_slices_and_stops_change_nothing(
    make_both: Callable[[], Any], both: Any, seed: int
) -> None:
    # Timers and bars, watches and reports, cut at random places and stopped at random times.
    random, paper, seconds = Random(seed), make_both(), 0.0
    while seconds < 75:
        seconds = min(75, seconds + random.choice([0.01, 0.3, 1.0, 4.7]))
        paper.run(seconds, most_rows=random.choice([1, 2, 13, 400, 10**6]))
    assert _bytes(paper.effects) == _bytes(both.effects)
    assert paper.engine.state_hash() == both.engine.state_hash()


def test_a_snapshot_at_any_moment_goes_on_the_same(make_both: Callable[[], Any], both: Any) -> None:
    paper = make_both()
    for seconds in (3.3, 20.05, 61.7, 66.6, 70.0, 75):
        other = make_both()
        for part in ("market", "world", "exchange", "engine"):
            getattr(other, part).restore(getattr(paper, part).snapshot())
        other.effects = paper.effects
        paper = other.run(seconds)
    assert _bytes(paper.effects) == _bytes(both.effects)
    assert paper.engine.state_hash() == both.engine.state_hash()


def test_a_restored_engine_goes_on_the_same(reference: Any, make_paper: Callable[..., Any]) -> None:
    first, second = make_paper().run(60), make_paper()
    second.market.restore(first.market.snapshot())
    second.world.restore(first.world.snapshot())
    second.exchange.restore(first.exchange.snapshot())
    second.engine.restore(first.engine.snapshot())
    second.run(180)
    assert _bytes(first.effects + second.effects) == _bytes(reference.effects)
    assert second.engine.state_hash() == reference.engine.state_hash()


def test_an_incomplete_snapshot_is_refused(make_paper: Callable[..., Any]) -> None:
    paper = make_paper()
    parts = paper.engine.snapshot()
    parts.pop("ledger")
    with pytest.raises(SnapshotCorrupt, match="ledger"):
        paper.engine.restore(parts)


def test_money_at_a_venue_that_is_not_there_is_refused(
    make_paper: Callable[..., Any], reference: Any
) -> None:
    # It would count as equity, and positions would be sized by it.
    wallets = {"aster": {"USDT": "10000"}, "elsewhere": {"USDT": "1"}}
    config = msgspec.structs.replace(reference.engine.config, wallets=wallets)
    with pytest.raises(ConfigurationError, match="wallets at aster, found one at elsewhere"):
        make_paper(config=config)


def test_the_order_of_keys_in_a_configuration_is_no_part_of_the_state(
    make_paper: Callable[..., Any], reference: Any
) -> None:
    hashes = set()
    for names in (("USDT", "BTC"), ("BTC", "USDT")):
        wallets = {"aster": dict.fromkeys(names, "1")}
        config = msgspec.structs.replace(reference.engine.config, wallets=wallets)
        hashes.add(make_paper(config=config).engine.state_hash())
    assert len(hashes) == 1


def test_decisions_risk_and_orders_hang_together(reference: Any) -> None:
    decided = {e.decision_id for e in reference.effects if isinstance(e, DecisionMade)}
    judged = {e.decision_id for e in reference.effects if isinstance(e, RiskJudged)}
    orders = [e.order for e in reference.effects if isinstance(e, SubmitOrder)]
    assert judged <= decided | {order.decision_id for order in orders}
    assert all(order.decision_id in judged for order in orders)
    assert len({order.client_order_id for order in orders}) == len(orders)


def _operate(paper: Any, command: Any) -> None:
    paper.engine.step(OperatorCommanded(paper.world.now_ns, command))
    paper.send()


def test_the_kill_switch_closes_everything_and_refuses(make_paper: Callable[..., Any]) -> None:
    paper = make_paper().run(65)
    _operate(paper, EngageKillSwitch("signal", "drill"))
    paper.run(120)
    assert paper.engine.ledger.positions == ()
    assert paper.engine.memory.counters.refused["kill_switch"] > 0
    _operate(paper, ReleaseKillSwitch("signal"))
    trades = paper.engine.memory.counters.trades
    paper.run(180)
    assert paper.engine.memory.counters.trades > trades


def test_pause_keeps_managing_what_is_open(make_paper: Callable[..., Any]) -> None:
    paper = make_paper().run(65)
    _operate(paper, PauseEntries("command"))
    paper.run(100)
    assert paper.engine.ledger.positions == ()
    assert set(paper.engine.memory.counters.refused) >= {"paused"}


def test_flatten_closes_once_and_trading_goes_on(make_paper: Callable[..., Any]) -> None:
    paper = make_paper()
    seconds = 60.0
    while not paper.engine.ledger.positions:
        seconds += 0.5
        paper.run(seconds)
    _operate(paper, FlattenAll("command", "by hand"))
    paper.run(seconds + 1)
    closed = paper.named("PositionClosed")[-1]
    assert "by hand" in closed.reason
    trades = paper.engine.memory.counters.trades
    assert paper.run(seconds + 60).engine.memory.counters.trades > trades


def test_a_silent_source_is_told_and_takes_no_entries(make_paper: Callable[..., Any]) -> None:
    paper = make_paper().run(61)
    now_ns = paper.world.now_ns
    paper.engine.step(SourceChanged(now_ns, "aster.perp", False, "connection reset"))
    paper.send()
    lost = paper.named("MarketDataConnectionLost")
    assert [(e.source, e.reason) for e in lost] == [("aster.perp", "connection reset")]
    orders = paper.engine.memory.counters.orders
    paper.engine.step(ClockAdvanced(now_ns + 5 * 10**9))
    paper.send()
    assert paper.engine.memory.counters.orders == orders
    paper.engine.step(SourceChanged(now_ns + 6 * 10**9, "aster.perp", True, "back"))
    assert isinstance(
        paper.engine.drain()[-1], MarketDataConnectionRestored | MarketDataConnectionLost
    )


def test_losses_of_the_day_lock_it(make_paper: Callable[..., Any], reference: Any) -> None:
    config = reference.engine.config
    limits = msgspec.structs.replace(
        config.limits, max_daily_loss="1", loss_streak=0, max_positions=10
    )
    paper = make_paper(config=msgspec.structs.replace(config, limits=limits)).run(180)
    locked = [e for e in paper.effects if isinstance(e, CircuitBreakerTriggered)]
    assert locked[0].rule == "daily_ladder"
    assert paper.engine.memory.counters.refused["day_locked"] > 0
    assert paper.engine.ledger.positions == ()


def test_warming_up_teaches_without_trading(make_paper: Callable[..., Any]) -> None:
    paper = make_paper()
    for _ in range(30):
        paper.engine.warm_up(paper.market.next_block())
    assert paper.engine.drain() == []
    assert paper.engine.memory.counters.decisions == 0
    assert paper.engine.flow[1].bar_count(1) > 20


def test_a_later_run_gives_ids_of_its_own(make_paper: Callable[..., Any]) -> None:
    paper = make_paper()
    paper.engine.begin_run(4)
    paper.run(75)
    assert all(e.order.client_order_id.startswith("ut4-") for e in paper.named("SubmitOrder"))


class _Holder(Strategy):
    """Long every perp it can, for good."""

    timeframe: str = "1s"

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if ctx.can_short and ctx.can_enter(Side.BUY):
            return ctx.enter(Side.BUY, stop=ctx.price * 0.996, trail_ppm=4_000)
        return None


def _market(reference: Any, before: str, seconds: int) -> Any:
    config = reference.market.config
    hours = {"funding": 8 * 3_600, "midnight": 24 * 3_600}[before]
    day_ns = config.start_ns // NS_PER_DAY * NS_PER_DAY
    return msgspec.structs.replace(config, start_ns=day_ns + (hours - seconds) * NS_PER_S)


def test_funding_is_booked_when_the_venue_settles_it(
    make_paper: Callable[..., Any], reference: Any
) -> None:
    market = _market(reference, "funding", 20)
    paper = make_paper([_Holder()], market=market).run(40)
    settled = [
        item.report
        for item in paper.inputs
        if isinstance(item, ReportReceived) and isinstance(item.report, FundingSettled)
    ]
    late_ns = [report.event_time_ns % (8 * 3_600 * NS_PER_S) for report in settled]
    assert late_ns
    assert max(late_ns) < NS_PER_S // 10
    booked = [view.funding for view in paper.engine.keeper.positions()]
    assert sum(money.amount for money in booked) == sum(r.amount.amount for r in settled) != 0
    for money in paper.exchange.balances():
        assert paper.engine.ledger.balance("aster", money.currency) == money
    paper.engine.check()


def test_a_new_day_begins_with_its_own_equity_and_count(
    make_paper: Callable[..., Any], reference: Any
) -> None:
    paper = make_paper(market=_market(reference, "midnight", 60)).run(59)
    before = paper.engine.keeper.look(paper.engine.now_ns)
    assert before.trades_today == len(paper.named("PositionOpened")) > 0
    paper.run(75)
    opened = paper.named("PositionOpened")
    today = [e for e in opened if e.at_ns >= paper.market.config.start_ns + 60 * NS_PER_S]
    after = paper.engine.keeper.look(paper.engine.now_ns)
    assert after.trades_today == len(today) > 0
    assert after.day_start_equity != before.day_start_equity
    assert after.peak_equity == before.peak_equity
