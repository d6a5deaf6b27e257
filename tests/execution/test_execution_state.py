from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.order import Limit, OrderState, Purpose
from undertow.domain.side import Side
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.execution_state import ExecutionState, NetDoubt
from undertow.timeline.run_ids import RunIds

NAME = InstrumentId("BTC/USDT:USDT@aster")


@pytest.fixture
def state(table: InstrumentTable) -> ExecutionState:
    return ExecutionState(table, RunIds(1), ExecutionConfig())


def _hold(state: ExecutionState, strategy: str, lots: int) -> Any:
    held = state.holding(StrategyId(strategy), NAME)
    held.signed_lots = lots
    return held


def test_the_venue_holds_the_sum(state: ExecutionState) -> None:
    long, short = _hold(state, "alpha", 5), _hold(state, "beta", -2)
    assert state.net_lots(NAME) == 3
    assert state.opposed(long) == [short]
    assert state.others_hold(long)
    assert not state.others_hold(state.holding(StrategyId("x"), InstrumentId("BTC/USDT@aster")))


def test_blocked_by_an_order_or_by_a_count(
    state: ExecutionState, make_order: Callable[..., Any], make_intent: Callable[..., Any]
) -> None:
    assert state.blocked() == frozenset()
    tracked = state.tracker.add(make_order(), make_intent(), "aster", 0)
    tracked.state = OrderState.UNKNOWN
    assert state.blocked() == {NAME}
    tracked.state = OrderState.OPEN
    state.doubts[NAME] = NetDoubt(1, 2, 3)
    assert state.blocked() == {NAME}


def test_orders_that_close(
    state: ExecutionState, make_order: Callable[..., Any], make_intent: Callable[..., Any]
) -> None:
    held = _hold(state, "alpha", 10)
    for n, purpose in enumerate(Purpose):
        order = make_order(f"ut1-o{n}", Side.SELL, 3, Limit(1), purpose)
        state.tracker.add(order, make_intent(), "aster", 0)
    assert state.closing_lots(held) == 6
    assert len(state.orders(held)) == 4
    assert [t.purpose for t in state.entries()] == [Purpose.ENTRY]


def test_flat_holdings_without_orders_are_forgotten(state: ExecutionState) -> None:
    held = _hold(state, "alpha", 1)
    state.tidy(held)
    assert state.holdings
    held.signed_lots = 0
    state.tidy(held)
    assert not state.holdings


def test_snapshots(state: ExecutionState, table: InstrumentTable) -> None:
    _hold(state, "alpha", 5)
    state.doubts[NAME] = NetDoubt(1, 2, 3)
    state.adopted["x"] = True
    other = ExecutionState(table, RunIds(1), ExecutionConfig())
    other.restore(state.snapshot())
    assert other.snapshot() == state.snapshot()
    with pytest.raises(SnapshotCorrupt, match="expected a snapshot of execution"):
        other.restore(b"\x01")
    with pytest.raises(SnapshotCorrupt, match="found 2"):
        other.restore(state.snapshot().replace(b"version\x01", b"version\x02"))
