"""From decisions to orders and from fills to books."""

from collections.abc import Callable
from typing import Any

import msgspec

from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.command import AmendOrder, CancelOrder, FlattenAll, SubmitOrder
from undertow.domain.engine_input import OperatorCommanded, ReportReceived
from undertow.domain.event import (
    ExecutionJudged,
    ForceExitRequired,
    PositionClosed,
    RiskJudged,
    SignalRejected,
    StopMoved,
    SystemFailure,
    TradingSignalGenerated,
)
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Action, Approved, Refused, Signal
from undertow.domain.money import Money
from undertow.domain.order import Purpose
from undertow.domain.report import FundingSettled
from undertow.domain.side import Side
from undertow.execution.execution_config import ExecutionConfig, StrategyPolicy
from undertow.flow.watch import WatchKind

Make = Callable[..., Any]


class OnePerp(Strategy):
    """Long BTC perps whenever it can, on every bar of a second."""

    timeframe: str = "1s"
    stop_share: float = 0.004
    target_share: float = 0.0
    trail_ppm: int = 0

    def wants(self, instrument: Instrument) -> bool:
        return instrument.symbol == "BTC/USDT:USDT"

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if ctx.can_enter(Side.BUY):
            target = ctx.price * (1 + self.target_share) if self.target_share else 0.0
            stop = ctx.price * (1 - self.stop_share)
            return ctx.enter(Side.BUY, stop=stop, take_profit=target, trail_ppm=self.trail_ppm)
        return None


class Tightener(OnePerp):
    """Asks for a closer trail ten seconds after the entry."""

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        held = ctx.position
        if held is not None and ctx.now_ns - held.opened_ns > 10 * 10**9:
            return ctx.tighten(1_000, "closer")
        return super().on_bar(ctx, bar)


class Mover(OnePerp):
    """Moves its stop to three hundredths of a percent below the price ten seconds after it."""

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        held = ctx.position
        if held is not None and ctx.now_ns - held.opened_ns > 10 * 10**9:
            return ctx.move_stop(ctx.price * 0.9997, "structure")
        return super().on_bar(ctx, bar)


class Broken(OnePerp):
    """Fails on every third bar."""

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if bar.open_time_ns // 10**9 % 3 == 0:
            raise ZeroDivisionError("by a user's own hand")
        return None


def _closed(paper: Any) -> list[PositionClosed]:
    return [e for e in paper.effects if isinstance(e, PositionClosed)]


def test_every_signal_is_judged_and_every_verdict_has_a_decision(reference: Any) -> None:
    signals = reference.named("TradingSignalGenerated")
    judged: list[RiskJudged] = reference.named("RiskJudged")
    wanted = {e.decision_id for e in signals if e.signal.action is Action.ENTER}
    verdicts = {e.decision_id: e.verdict for e in judged}
    assert wanted
    assert wanted <= set(verdicts)
    for one in judged:
        assert one.verdict.intent.decision_id == one.decision_id
    counters = reference.engine.memory.counters
    assert counters.signals == len(signals)
    refused = [v for v in verdicts.values() if isinstance(v, Refused)]
    assert sum(counters.refused.values()) == len(refused)


def test_what_risk_refuses_is_told_and_counted_by_code(make_paper: Make) -> None:
    paper = make_paper([OnePerp(stop_share=0.05)]).run(70)
    counters = paper.engine.memory.counters
    assert set(counters.refused) == {"stop_too_far"}
    told = [e for e in paper.effects if isinstance(e, SignalRejected)]
    assert {e.code for e in told} == {"stop_too_far"}
    assert len(told) == counters.refused["stop_too_far"] == counters.signals > 0
    assert counters.rejected == {}
    assert counters.orders == 0


def test_what_execution_turns_down_is_counted_beside_it(make_paper: Make, reference: Any) -> None:
    config = msgspec.structs.replace(
        reference.engine.config, execution=ExecutionConfig(max_positions=0)
    )
    paper = make_paper([OnePerp()], config).run(70)
    counters = paper.engine.memory.counters
    assert counters.refused == {}
    assert counters.rejected == {"max_positions": counters.signals}
    judged = [e for e in paper.effects if isinstance(e, ExecutionJudged)]
    assert {e.outcome for e in judged} == {"rejected"}
    assert counters.orders == 0


def test_a_failing_strategy_is_told_of_suspended_and_hurts_nobody(make_paper: Make) -> None:
    paper = make_paper([Broken(), OnePerp()]).run(40)
    failures = [e for e in paper.effects if isinstance(e, SystemFailure)]
    assert [e.is_critical for e in failures] == [False, False, True]
    assert "broken on BTC/USDT:USDT@aster, on_bar" in failures[0].component
    error, _, where = failures[0].error.partition(" (")
    assert error == "ZeroDivisionError: by a user's own hand"
    assert where.partition(":")[0].endswith(".py")
    assert paper.engine.memory.counters.orders > 0


def test_an_exit_without_a_position_is_the_strategys_fault(make_paper: Make) -> None:
    class Leaver(OnePerp):
        def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
            return ctx.exit("from nothing")

    paper = make_paper([Leaver()]).run(5)
    assert "StrategyFault: expected an open position" in paper.named("SystemFailure")[0].error


def test_a_take_profit_closes_in_profit(make_paper: Make) -> None:
    paper = make_paper([OnePerp(target_share=0.0004)]).run(120)
    won = [e for e in _closed(paper) if "take_profit" in e.reason]
    assert won
    for closed in won:
        assert float(closed.exit_price) > float(closed.entry_price)
    judged = {e.decision_id for e in paper.named("RiskJudged")}
    assert {e.exit_decision_id for e in won} <= judged


def test_tightening_moves_the_resting_stop_toward_profit(make_paper: Make) -> None:
    paper = make_paper([Tightener(trail_ppm=4_000)])
    opened_s = _held(paper) and (paper.world.now_ns - paper.market.config.start_ns) / 1e9
    protection = paper.engine.execution.protection
    name = (
        paper.engine.ledger.positions[0].strategy,
        paper.engine.ledger.positions[0].instrument_id,
    )
    paper.run(opened_s + 9)
    before = protection(*name)
    paper.run(opened_s + 14)
    after = protection(*name)
    assert (before.trail_ppm, after.trail_ppm) == (4_000, 1_000)
    assert before.stop_ticks < after.stop_ticks == after.planned_ticks
    amended = [e for e in paper.effects if isinstance(e, AmendOrder)]
    assert amended[-1].price_ticks == after.stop_ticks


def test_a_moved_stop_rests_at_the_venue(make_paper: Make) -> None:
    paper = make_paper([Mover()])
    opened_s = _held(paper) and (paper.world.now_ns - paper.market.config.start_ns) / 1e9
    held = paper.engine.ledger.positions[0]
    name = (held.strategy, held.instrument_id)
    before = paper.engine.execution.protection(*name)
    paper.run(opened_s + 14)
    after = paper.engine.execution.protection(*name)
    assert before.stop_ticks < after.stop_ticks == after.planned_ticks
    asked = [
        e.signal.stop_ticks
        for e in paper.named("TradingSignalGenerated")
        if e.signal.reason == "structure"
    ]
    assert max(asked) == after.stop_ticks


def test_stops_only_ever_move_toward_profit(reference: Any) -> None:
    moves: dict[str, list[float]] = {}
    for moved in (e for e in reference.effects if isinstance(e, StopMoved)):
        moves.setdefault(moved.position_id, []).append(float(moved.stop_price))
    sides = {e.position_id: e.side for e in reference.named("PositionOpened")}
    assert moves
    for position_id, prices in moves.items():
        assert prices == sorted(prices, reverse=sides[position_id] is Side.SELL)


def _held(paper: Any) -> Any:
    seconds = 1.0
    while not paper.engine.ledger.positions:
        seconds += 0.5
        paper.run(seconds)
    return paper.engine.ledger.positions[0]


def _settle(paper: Any, amount: str) -> None:
    held = _held(paper)
    report = FundingSettled(
        venue="aster", event_time_ns=paper.engine.now_ns, instrument_id=held.instrument_id,
        amount=Money.of(amount, "USDT"),
    )  # fmt: skip
    paper.engine.step(ReportReceived(paper.engine.now_ns, report))


def test_funding_goes_to_cash_and_to_the_position(make_paper: Make) -> None:
    paper = make_paper([OnePerp()])
    cash = _held(paper) and paper.engine.ledger.balance("aster", "USDT")
    _settle(paper, "-1.25")
    assert paper.engine.ledger.balance("aster", "USDT") == cash - Money.of("1.25", "USDT")
    (view,) = paper.engine.keeper.positions()
    assert view.funding == Money.of("-1.25", "USDT")
    paper.engine.check()


def test_funding_is_part_of_the_result_of_a_trade(make_paper: Make) -> None:
    paper = make_paper([OnePerp()])
    _settle(paper, "3")
    paper.engine.step(OperatorCommanded(paper.engine.now_ns, FlattenAll("command", "test")))
    paper.send()
    while not _closed(paper):
        paper.run((paper.world.now_ns - paper.market.config.start_ns) / 1e9 + 1)
    closed = _closed(paper)[0]
    assert closed.funding == Money.of("3", "USDT")
    instrument = paper.engine.table.get(closed.instrument_id)
    moved = instrument.pnl(
        closed.side,
        instrument.ticks(closed.entry_price),
        instrument.ticks(closed.exit_price),
        instrument.lots(closed.qty),
    )
    assert abs(float(closed.pnl - (moved - closed.fees + closed.funding))) < 1e-6


def test_each_open_position_has_a_trail_and_its_stop_watched(reference: Any) -> None:
    memory, positions = reference.engine.memory, reference.engine.ledger.positions
    watched = list(memory.watches.values())
    assert {(w.strategy, w.instrument_id) for w in watched} == {
        (p.strategy, p.instrument_id) for p in positions
    }
    assert len(watched) == 2 * len(positions)
    for one in watched:
        protection = reference.engine.execution.protection(one.strategy, one.instrument_id)
        assert one.stop_ticks in (0, protection.planned_ticks)


def test_nothing_is_watched_once_everything_is_closed(make_paper: Make) -> None:
    paper = make_paper([OnePerp()])
    _held(paper)
    assert len(paper.engine.memory.watches) == 2
    paper.engine.step(OperatorCommanded(paper.engine.now_ns, FlattenAll("command", "test")))
    paper.send()
    while paper.engine.ledger.positions:
        paper.run((paper.world.now_ns - paper.market.config.start_ns) / 1e9 + 0.1)
    assert paper.engine.memory.watches == {}


def _config(reference: Any, *venues: str) -> Any:
    execution = ExecutionConfig(
        default_policy=StrategyPolicy(trail_ppm=0), venues_without_stops=venues
    )
    return msgspec.structs.replace(reference.engine.config, execution=execution)


def test_where_a_venue_has_no_stops_the_engine_keeps_them(make_paper: Make, reference: Any) -> None:
    strategy = OnePerp(stop_share=0.0005)
    ours = make_paper([strategy], _config(reference, "aster")).run(120)
    theirs = make_paper([strategy], _config(reference)).run(120)
    protecting = [
        e for e in ours.effects if isinstance(e, SubmitOrder) and e.order.purpose is Purpose.PROTECT
    ]
    assert protecting == []
    lost = [e for e in _closed(ours) if e.reason == "stop_loss"]
    assert lost
    assert len([e for e in _closed(theirs) if e.reason == "stop_loss"]) >= len(lost)
    for closed in lost:
        # Not far beyond the stop: the touch was seen on the very trade.
        assert float(closed.exit_price) > float(closed.entry_price) * (1 - 0.0005) * (1 - 0.002)


def test_a_touched_level_speaks_once(make_paper: Make, reference: Any) -> None:
    paper = make_paper([OnePerp()], _config(reference))
    _held(paper)
    (watch_id,) = (i for i, w in paper.engine.memory.watches.items() if w.stop_ticks)
    watched = paper.engine.memory.watches[watch_id]
    # The stop rests at the venue: touching the level is its business, and nothing is sent.
    paper.run((paper.world.now_ns - paper.market.config.start_ns) / 1e9 + 0.5)
    paper.engine.flow.unwatch(watch_id)
    paper.engine.flow.watch(watched.index, watch_id, WatchKind.FALLS_TO, 10**9)
    orders = paper.engine.memory.counters.orders
    paper.run((paper.world.now_ns - paper.market.config.start_ns) / 1e9 + 2)
    assert paper.engine.memory.counters.orders == orders
    assert paper.engine.memory.watches[watch_id] == watched


def test_what_risk_closes_is_told_with_its_rule(make_paper: Make, reference: Any) -> None:
    limits = msgspec.structs.replace(reference.engine.config.limits, max_daily_loss="1")
    config = msgspec.structs.replace(reference.engine.config, limits=limits)
    paper = make_paper(config=config).run(180)
    told = [e for e in paper.effects if isinstance(e, ForceExitRequired)]
    forced = [e for e in _closed(paper) if e.reason.startswith("risk: ")]
    assert told
    assert {e.instrument_id for e in forced} <= {e.instrument_id for e in told}
    assert {e.rule for e in told} <= {"daily_lock", "ladder"}


def test_an_approved_exit_is_sent_even_while_entries_are_refused(make_paper: Make) -> None:
    paper = make_paper([OnePerp()])
    held = _held(paper)
    paper.engine.step(OperatorCommanded(paper.engine.now_ns, FlattenAll("command", "test")))
    verdict = [e for e in paper.engine.drain() if isinstance(e, RiskJudged)][-1].verdict
    assert isinstance(verdict, Approved)
    assert (verdict.qty_lots, verdict.intent.purpose) == (held.lots, Purpose.FLATTEN)


def test_effects_are_drained_once(make_paper: Make) -> None:
    paper = make_paper([OnePerp()]).run(20)
    assert paper.effects
    assert paper.engine.drain() == []


def test_signals_come_after_their_decision_and_before_their_verdict(reference: Any) -> None:
    names = (TradingSignalGenerated, RiskJudged)
    seen: dict[str, list[str]] = {}
    for effect in reference.effects:
        if type(effect).__name__ == "DecisionMade" or isinstance(effect, names):
            seen.setdefault(effect.decision_id, []).append(type(effect).__name__)
    whole = [order for order in seen.values() if len(order) == 3]
    assert whole
    assert all(order == ["DecisionMade", "TradingSignalGenerated", "RiskJudged"] for order in whole)


def test_commands_are_all_stamped_with_the_engines_time(reference: Any) -> None:
    commands = (SubmitOrder, AmendOrder, CancelOrder)
    stamps = [e.sent_ns for e in reference.effects if isinstance(e, commands)]
    assert stamps == sorted(stamps)
    assert stamps[-1] <= reference.engine.now_ns


def test_a_thin_margin_buffer_closes_the_position_and_is_told(
    make_paper: Make, reference: Any
) -> None:
    # A maintenance of nine tenths: a position of all the money leaves a buffer of about 10 %.
    limits = msgspec.structs.replace(
        reference.engine.config.limits,
        max_leverage=1,
        maintenance_ppm=900_000,
        max_position_ppm=1_000_000,
        max_asset_ppm=1_000_000,
        tradable_ppm=990_000,
    )
    config = msgspec.structs.replace(reference.engine.config, limits=limits, review_every_s=1)
    paper = make_paper([OnePerp()], config).run(90)
    told = [e for e in paper.named("CircuitBreakerTriggered") if e.rule == "margin_buffer"]
    assert told
    assert "at least 30%" in told[0].reason
    forced = [e for e in paper.effects if isinstance(e, ForceExitRequired)]
    assert forced[0].rule == "margin"
    closed = _closed(paper)
    assert closed
    assert "margin buffer" in closed[0].reason
    assert len(told) >= sum("margin buffer" in one.reason for one in closed)
