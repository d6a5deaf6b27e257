"""The scalper on the synthetic market: it trades, both ways, and says why it does not."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import UnknownNameError
from undertow.domain.intent import Action
from undertow.domain.market_event import EventArray
from undertow.domain.side import Side
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.strategies.scalper import Scalper

WARM_S, RUN_S = 3_000, 600
ASSETS = ("BTC", "ETH", "SOL", "XRP", "NEAR")
EMBEDDED = Scalper.preset("embedded")
LEVELS = ["liquidity", "regime", "permission", "alignment", "zone", "cascade", "trigger"]


@pytest.fixture(scope="module")
def market() -> tuple[SyntheticMarket, list[EventArray]]:
    made = SyntheticMarket(MarketConfig(assets=ASSETS), np.random.default_rng(1))
    return made, [made.next_block() for _ in range(WARM_S + RUN_S)]


@pytest.fixture(scope="module")
def trade(market: Any, trader_type: Any) -> Callable[..., Any]:
    made, blocks = market

    def run(start: int = 0, stop: int = WARM_S + RUN_S, running: Any = None) -> Any:
        running = running or trader_type(made.table, made.sources, EMBEDDED)
        for number in range(start, stop):
            running.feed(blocks[number], is_checking=number >= WARM_S)
        return running

    return run


@pytest.fixture(scope="module")
def traded(trade: Callable[..., Any]) -> Any:
    return trade()


def test_ten_minutes_hold_longs_and_shorts(traded: Any) -> None:
    sides = [one.side for one in traded.decisions if one.is_entry]
    assert sides.count(1) >= 2
    assert sides.count(-1) >= 2
    assert any(one.signal.action is Action.EXIT for one in traded.decisions)


def test_the_funnel_adds_up(traded: Any) -> None:
    total = traded.host.funnel.total(EMBEDDED.strategy_id)
    assert list(total.levels)[:7] == LEVELS
    reached = [level.reached for level in total.levels.values()]
    passed = [level.passed for level in total.levels.values()]
    assert reached[0] == total.evaluations
    assert reached[1:] == passed[:-1]
    assert passed[-1] == total.outcomes["enter"]


def test_an_entry_carries_every_number(traded: Any) -> None:
    entry = next(one for one in traded.decisions if one.is_entry)
    names = [one.name for one in entry.verdicts]
    assert names[:8] == [*LEVELS, "economics"]
    assert names[-2:] == ["confluence", "cooldown"]
    assert all(one.checks for one in entry.verdicts)
    points = [one.points for one in entry.verdicts if one.weight]
    assert entry.score == pytest.approx(sum(points))
    assert entry.signal.verdicts == entry.verdicts
    assert entry.signal.rank == entry.inputs["entry_score"] > 0.0


def test_each_entry_has_a_stop_and_a_trail(traded: Any) -> None:
    for one in traded.decisions:
        if one.is_entry:
            signal = one.signal
            away = signal.side * (signal.entry_ticks - signal.stop_ticks)
            assert 0 < away <= max(1.0, signal.entry_ticks * 0.005)
            assert (signal.trail_ppm, signal.take_profit_ticks) == (5_000, 0)


def test_spot_is_never_sold_short(traded: Any) -> None:
    shorts = [one for one in traded.decisions if one.is_entry and one.side == Side.SELL]
    assert shorts
    assert all(":" in one.instrument_id for one in shorts)


def test_no_second_signal_within_the_cooldown(traded: Any) -> None:
    last: dict[str, int] = {}
    for at_ns, one in traded.signalled:
        before = last.get(one.instrument_id, 0)
        assert at_ns - before >= 30 * 10**9
        last[one.instrument_id] = at_ns


def test_restored_goes_on_as_if_never_stopped(
    trade: Callable[..., Any], market: Any, trader_type: Any, copy: Any, traded: Any
) -> None:
    cut = WARM_S + 300
    first, second = trade(0, cut), trader_type(market[0].table, market[0].sources, EMBEDDED)
    copy(first, second)
    trade(cut, running=second)
    assert first.decisions + second.decisions == traded.decisions
    assert second.host.snapshot() == traded.host.snapshot()


def test_presets_by_name() -> None:
    assert set(Scalper.presets()) == {"default", "strict", "loose", "embedded"}
    assert Scalper.preset("default") == Scalper()
    with pytest.raises(UnknownNameError, match="did you mean 'loose'"):
        Scalper.preset("lose")
