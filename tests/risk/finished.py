"""Closed positions for tests of what looks back on them."""

from typing import Any

import msgspec

from undertow.domain.event import PositionClosed
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.money import Money
from undertow.domain.side import Side


def closed(at_ns: int, percent: float = -1.0, **changes: Any) -> PositionClosed:
    """A long of the scalper that returned `percent` of its entry cost."""
    event = PositionClosed(
        at_ns=at_ns,
        position_id="p1",
        strategy=StrategyId("scalper"),
        instrument_id=InstrumentId("BTC/USDT:USDT@aster"),
        side=Side.BUY,
        entry_price="100",
        exit_price="99",
        qty="1",
        pnl=Money.of(f"{percent:.2f}", "USDT"),
        pnl_percent=percent,
        fees=Money.of("0", "USDT"),
        funding=Money.of("0", "USDT"),
        opened_ns=at_ns - 1,
        reason="stop_loss",
        entry_decision_id=DecisionId("d0"),
        exit_decision_id=DecisionId("d1"),
    )
    return msgspec.structs.replace(event, **changes)
