from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.decision.conditions import undefined, verdict
from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.host import MAX_FAILURES, NEVER_NS, Recording, StrategyHost
from undertow.decision.strategy import Answer, Strategy
from undertow.domain.bar import Bar
from undertow.domain.errors import ConfigurationError, InvariantBroken, SnapshotCorrupt
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Signal
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.indicators.averages import Sma

MakeBar = Callable[..., Bar]
MakeHost = Callable[..., StrategyHost]
NOW = 1_767_571_200 * NS_PER_S


def flat(strategy: StrategyId, instrument_id: InstrumentId) -> PositionView | None:
    return None


class Seen(msgspec.Struct):
    bars: int = 0


class Following(Strategy):
    """Enters when the close is above its mean."""

    def indicators(self) -> dict[str, Sma]:
        return {"mean": Sma(3)}

    def new_state(self) -> Seen:
        return Seen()

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        assert isinstance(ctx.state, Seen)
        ctx.state.bars += 1
        if ctx.instrument.price_float(bar.close_ticks) > ctx["mean"]:
            return ctx.enter(Side.BUY, stop=9_000.0, rank=float(ctx.state.bars))
        return None


class Broken(Strategy):
    """Fails on one coin."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        if ctx.instrument.base == "BTC":
            raise KeyError("lost")
        return ctx.enter(Side.BUY, stop=9_000.0)


class Checking(Strategy):
    """Ranks instruments by their index; spot is not wanted."""

    check_every_ns: int = 2 * NS_PER_S

    def wants(self, instrument: Instrument) -> bool:
        return instrument.is_perp

    def on_check(self, ctx: Context) -> Decision:
        signal = ctx.enter(Side.BUY, stop=9_000.0, rank=float(ctx.index))
        return ctx.decide("enter", (), side=1, signal=signal)


class Wanting(Strategy):
    """Never has enough data."""

    check_every_ns: int = NS_PER_S

    def on_check(self, ctx: Context) -> Decision:
        return ctx.decide("regime", (verdict("regime", [undefined("adx", 25.0)]),))


@pytest.fixture
def host(table: Any, flow_state: Any, ids: Any) -> MakeHost:
    def make(*strategies: Strategy, **settings: Any) -> StrategyHost:
        return StrategyHost(strategies, table, flow_state, ids, **settings)

    return make


def test_subscribes_what_strategies_need(host: MakeHost, market: Any) -> None:
    host(Following(timeframe="5m"), Checking())
    assert market.subscribed == [(0, 300), (1, 300), (2, 300)]


def test_flat_strategies_wait_for_their_indicators(host: MakeHost, bar: MakeBar) -> None:
    running = host(Following())
    first = running.on_bar(bar(1_000), flat, NOW)
    assert [one.outcome for one in first] == ["warm_up"]
    assert [event.metric for event in running.quality_events] == ["mean"]
    assert running.on_bar(bar(1_000, number=1), flat, NOW) == []
    assert running.quality_events == ()
    running.on_bar(bar(1_000, number=2), flat, NOW)
    row = running.funnel.row(StrategyId("following"), InstrumentId("BTC/USDT:USDT@aster"))
    assert row.outcomes == {"warm_up": 2, "wait": 1}


def test_decisions_get_ids_and_inputs(host: MakeHost, bar: MakeBar) -> None:
    running = host(Following(), recording=Recording.SIGNALS)
    found = [d for i in range(4) for d in running.on_bar(bar(1_000 + i, number=i), flat, NOW)]
    assert [one.decision_id for one in found] == ["decision-1", "decision-2"]
    assert found[-1].inputs["mean"] == pytest.approx(100.2)


def test_failures_are_named_counted_and_contained(host: MakeHost, bar: MakeBar) -> None:
    running = host(Broken(), Following())
    for count in range(1, MAX_FAILURES + 1):
        running.on_bar(bar(1_000, number=count), flat, NOW)
        failed = running.failures[0]
        assert (failed.handler, failed.error) == ("on_bar", "KeyError: 'lost'")
        assert (failed.count, failed.is_suspended) == (count, count == MAX_FAILURES)
    running.on_bar(bar(1_000, number=9), flat, NOW)
    assert running.failures == ()
    assert [d.strategy for d in running.on_bar(bar(1_000, instrument=2), flat, NOW)] == [
        "following",
        "broken",
    ]


def test_our_own_broken_invariants_are_not_caught(host: MakeHost, bar: MakeBar) -> None:
    class Unlucky(Strategy):
        def on_bar(self, ctx: Context, bar: Bar) -> Answer:
            raise InvariantBroken("expected the books to balance")

    with pytest.raises(InvariantBroken):
        host(Unlucky()).on_bar(bar(1_000), flat, NOW)


def test_checks_lie_on_the_grid_and_entries_are_ranked(host: MakeHost) -> None:
    running = host(Checking())
    assert running.next_check_ns(NOW) == NOW + 2 * NS_PER_S
    assert running.next_check_ns(NOW - 1) == NOW
    found = running.on_check(NOW, flat)
    assert [one.instrument_id for one in found] == ["ETH/USDT:USDT@aster", "BTC/USDT:USDT@aster"]
    assert running.on_check(NOW + NS_PER_S, flat) == []
    assert len(running.on_check(NOW + 3 * NS_PER_S, flat)) == 2


def test_nothing_checks_without_a_period(host: MakeHost) -> None:
    running = host(Following())
    assert running.next_check_ns(NOW) == NEVER_NS
    assert running.on_check(NOW, flat) == []


@pytest.mark.parametrize(
    ("recording", "counts"),
    [(Recording.ALL, [3, 3, 3]), (Recording.CHANGES, [3, 0, 0]), (Recording.SIGNALS, [0, 0, 0])],
)
def test_recording(host: MakeHost, recording: Recording, counts: list[int]) -> None:
    running = host(Wanting(), recording=recording)
    times = [NOW + i * NS_PER_S for i in range(3)]
    assert [len(running.on_check(at_ns, flat)) for at_ns in times] == counts
    assert running.funnel.total(StrategyId("wanting")).levels["regime"].stopped == {
        "adx_insufficient": 9
    }


def test_open_positions_are_managed_while_indicators_are_cold(
    host: MakeHost, bar: MakeBar, position: Callable[..., PositionView]
) -> None:
    running = host(Following(), recording=Recording.ALL)
    found = running.on_bar(bar(1_000), lambda strategy, instrument: position(), NOW)
    assert [one.outcome for one in found] == ["hold"]


@pytest.mark.parametrize("cut", [0, 1, 3, 6])
def test_restored_goes_on_as_if_never_stopped(host: MakeHost, bar: MakeBar, cut: int) -> None:
    bars = [bar(1_000 + (i * 7) % 5, instrument=i % 3, number=i // 3) for i in range(12)]
    whole, first, resumed = (host(Broken(), Following(), Wanting()) for _ in range(3))
    for number, one in enumerate(bars):
        whole.on_bar(one, flat, NOW)
        whole.on_check(NOW + number * NS_PER_S, flat)
    for running, part in ((first, range(cut)), (resumed, range(cut, len(bars)))):
        if running is resumed:
            resumed.restore(first.snapshot())
        for number in part:
            running.on_bar(bars[number], flat, NOW)
            running.on_check(NOW + number * NS_PER_S, flat)
    assert resumed.snapshot() == whole.snapshot()


def test_other_strategies_or_parameters_are_refused(host: MakeHost) -> None:
    data = host(Following()).snapshot()
    for other in (host(Following(timeframe="5m")), host(Checking())):
        with pytest.raises(ConfigurationError, match="expected the strategies and parameters"):
            other.restore(data)
    with pytest.raises(SnapshotCorrupt, match="expected a strategy host snapshot"):
        host(Following()).restore(b"\xc1")


def test_a_strategy_twice_needs_a_label(host: MakeHost) -> None:
    with pytest.raises(ConfigurationError, match="give one of them a label"):
        host(Following(), Following(timeframe="5m"))
    assert len(host(Following(), Following(label="slow")).strategies) == 2
