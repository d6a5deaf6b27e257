import msgspec
import pytest

from undertow.domain.errors import InvariantBroken
from undertow.domain.identity import DecisionId, StrategyId
from undertow.domain.instrument import Instrument
from undertow.domain.money import MONEY_UNIT, Money
from undertow.domain.side import Side
from undertow.ledger.position import Position


def _position(instrument: Instrument, side: Side, lots: int, cost: int) -> Position:
    return Position(
        position_id="o1/f1",
        strategy=StrategyId("alpha"),
        instrument_id=instrument.instrument_id,
        side=side,
        lots=lots,
        cost=cost,
        entered_lots=lots,
        entered_cost=cost,
        opened_ns=1,
        entry_decision_id=DecisionId("d1"),
    )


def test_partial_closes_release_the_whole_cost_in_the_end(linear: Instrument) -> None:
    held = _position(linear, Side.BUY, 3, 100)
    assert held.released_cost(1) == 33
    held = held.with_exit(linear, 1, 50)
    assert (held.cost, held.released_cost(1)) == (67, 34)
    held = held.with_exit(linear, 2, 100)
    assert (held.lots, held.cost, held.realised) == (0, 0, 50)


@pytest.mark.parametrize(("side", "profit"), [(Side.BUY, "1"), (Side.SELL, "-1")])
def test_unrealised_linear(linear: Instrument, side: Side, profit: str) -> None:
    held = _position(linear, side, 1000, linear.cost(1000, 1000).amount)
    assert held.unrealised(linear, 1010) == Money.of(profit, "USDT")


@pytest.mark.parametrize(("side", "profit"), [(Side.BUY, "0.002"), (Side.SELL, "-0.002")])
def test_unrealised_inverse_is_in_coins(inverse: Instrument, side: Side, profit: str) -> None:
    # 100 USD: 1/25 000 - 1/50 000 of 100.
    held = _position(inverse, side, 1, inverse.cost(50_000, 1).amount)
    assert held.unrealised(inverse, 100_000) == Money.of(profit, "BTC")


def test_coins_taken_as_fees_cannot_be_sold(spot: Instrument) -> None:
    held = _position(spot, Side.BUY, 1000, 1)
    assert held.deliverable_lots(spot) == 1000
    half_a_lot = MONEY_UNIT // 200_000
    taken = msgspec.structs.replace(held, coin_fees=half_a_lot)
    assert taken.deliverable_lots(spot) == 999


def test_more_than_held_cannot_be_closed(linear: Instrument) -> None:
    with pytest.raises(InvariantBroken, match="expected to close 1 to 3 lots, found 4"):
        _position(linear, Side.BUY, 3, 100).released_cost(4)
