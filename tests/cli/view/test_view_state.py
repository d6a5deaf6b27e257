from collections import deque
from typing import Any

from undertow.cli.view.view_state import MOST_POINTS, RunGauges, ViewState
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_S


def test_equity_is_the_ledger_s_and_the_engine_stays_as_it_was(open_run: Any) -> None:
    engine = open_run.engine
    before = engine.state_hash()
    state = ViewState(engine, RunGauges)
    state.sample(engine, NS_PER_S, open_run.recent)
    assert engine.state_hash() == before
    assert state.equity == engine.ledger.equity(engine.rates.marks(), engine.rates.rates())
    assert state.started == Money.of("20000", "USDT")
    assert state.day_profit == Money.zero("USDT")
    assert state.exposure > Money.of("9000", "USDT")


def test_rates_are_per_wall_second(open_run: Any) -> None:
    engine = open_run.engine
    state = ViewState(engine, RunGauges)
    state.sample(engine, NS_PER_S, ())
    engine_rows = engine.memory.counters.rows
    engine.memory.counters.rows += 500
    try:
        state.sample(engine, 3 * NS_PER_S, ())
    finally:
        engine.memory.counters.rows = engine_rows
    assert state.rows_per_s == 250.0
    assert state.speed == 0.0
    assert state.uptime_ns == 2 * NS_PER_S


def test_a_long_run_s_curve_keeps_its_shape_in_few_points(open_run: Any) -> None:
    engine = open_run.engine
    state = ViewState(engine, RunGauges)
    started_ns = engine.now_ns
    try:
        for second in range(3 * MOST_POINTS):
            engine.memory.now_ns = started_ns + second * NS_PER_S
            state.sample(engine, second + 1, ())
    finally:
        engine.memory.now_ns = started_ns
    assert MOST_POINTS // 2 <= len(state.curve) <= MOST_POINTS
    assert set(state.curve) == {float(state.equity)}
    assert state.drawdown == 0.0


def test_before_the_market_there_is_nothing(open_run: Any) -> None:
    state = ViewState(open_run.engine, lambda: RunGauges(queue_rows=3))
    assert (state.day_profit, state.drawdown, state.curve) == (Money.zero("USDT"), 0.0, [])
    state.sample(open_run.engine, 1, deque())
    assert state.gauges.queue_rows == 3
