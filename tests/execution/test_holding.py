from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.identity import ClientOrderId, DecisionId, FillId, StrategyId
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_UNIT, Money
from undertow.domain.order import Liquidity, Purpose
from undertow.domain.side import Side
from undertow.execution.holding import FlattenWish, Holding
from undertow.ledger.fill import Fill
from undertow.ledger.ledger import Ledger


def _fill(on: Instrument, number: int, side: Side, lots: int, fee: Money | None = None) -> Fill:
    return Fill(
        fill_id=FillId(f"f{number}"),
        client_order_id=ClientOrderId(f"o{number}"),
        venue=on.venue,
        strategy=StrategyId("alpha"),
        instrument_id=on.instrument_id,
        side=side,
        price_ticks=1000,
        qty_lots=lots,
        liquidity=Liquidity.TAKER,
        fee=fee or Money.zero(on.settle),
        purpose=Purpose.ENTRY,
        decision_id=DecisionId(f"d{number}"),
        reason="",
        event_time_ns=number,
        at_ns=number,
    )


def _held(on: Instrument) -> Holding:
    return Holding(strategy=StrategyId("alpha"), instrument_id=on.instrument_id)


def test_open_add_close(instruments: dict[str, Instrument]) -> None:
    perp = instruments["perp"]
    held = _held(perp)
    turns = [held.apply(perp, _fill(perp, n, s, 5)) for n, s in ((1, Side.SELL), (2, Side.SELL))]
    assert [(t.is_opened, t.is_closed) for t in turns] == [(True, False), (False, False)]
    assert (held.signed_lots, held.side, held.position_id) == (-10, Side.SELL, "o1/f1")
    held.wish = FlattenWish("x")
    turn = held.apply(perp, _fill(perp, 3, Side.BUY, 10))
    assert turn.is_closed
    assert not held.wish
    assert (held.is_open, held.position_id) == (False, "")


def test_across_zero_is_another_position(instruments: dict[str, Instrument]) -> None:
    perp = instruments["perp"]
    held = _held(perp)
    held.apply(perp, _fill(perp, 1, Side.BUY, 5))
    turn = held.apply(perp, _fill(perp, 2, Side.SELL, 8))
    assert (turn.is_opened, turn.is_closed) == (True, True)
    assert (held.signed_lots, held.position_id) == (-3, "o2/f2")


def test_coins_paid_as_fees_are_not_there(instruments: dict[str, Instrument]) -> None:
    spot = instruments["spot"]
    held = _held(spot)
    held.apply(spot, _fill(spot, 1, Side.BUY, 10, Money(MONEY_UNIT // 2000, "BTC")))
    assert held.closable_lots(spot) == 9
    assert held.apply(spot, _fill(spot, 2, Side.SELL, 9)).is_closed


def test_attention_is_asked_for_the_earliest_time(instruments: dict[str, Instrument]) -> None:
    held = _held(instruments["perp"])
    for at_ns in (50, 30, 40):
        held.call_again(at_ns)
    assert held.next_ns == 30


rows = st.lists(
    st.tuples(st.sampled_from(Side), st.integers(1, 30), st.integers(0, 12), st.booleans()),
    max_size=30,
)


@pytest.mark.parametrize("market", ["perp", "spot", "inverse"])
@given(rows=rows)
def test_holdings_count_what_the_ledger_counts(
    table: InstrumentTable, instruments: dict[str, Instrument], market: str, rows: Any
) -> None:
    on = instruments[market]
    held, ledger = _held(on), Ledger(table)
    for number, (side, lots, tenths, in_coin) in enumerate(rows):
        fee = Money(tenths * MONEY_UNIT // 10_000, on.base if in_coin else on.settle)
        fill = _fill(on, number, side, lots, fee)
        turn = held.apply(on, fill)
        kinds = [type(event).__name__ for event in ledger.apply_fill(fill).events]
        assert turn.is_opened == ("PositionOpened" in kinds)
        assert turn.is_closed == ("PositionClosed" in kinds)
        position = ledger.position(held.strategy, held.instrument_id)
        assert held.signed_lots == (position.signed_lots if position else 0)
        assert held.position_id == (position.position_id if position else "")


def test_every_holding_starts_flat(make_world: Callable[..., Any]) -> None:
    assert not make_world().desk._state.holdings
