import msgspec
import pytest

from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId
from undertow.domain.order import (
    Limit,
    Liquidity,
    Market,
    Order,
    OrderState,
    Purpose,
    Terms,
    TimeInForce,
    Trigger,
    TriggerWhen,
)
from undertow.domain.side import Side


@pytest.mark.parametrize(
    "terms",
    [
        Market(),
        Limit(100),
        Limit(100, TimeInForce.FOK),
        Limit(100, is_post_only=True),
        Trigger(90, TriggerWhen.FALLS_TO, Market()),
        Trigger(110, TriggerWhen.RISES_TO, Limit(109)),
    ],
)
def test_terms_survive_the_journal(terms: Terms) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(terms), type=Terms) == terms


def test_an_order_holds_only_what_its_kind_has() -> None:
    order = Order(
        ClientOrderId("ut1-o1"), InstrumentId("BTC/USDT@aster"), StrategyId("s"), Side.BUY, 3,
        Market(), Purpose.ENTRY, False, "d1", 5,
    )  # fmt: skip
    assert not hasattr(order.terms, "price_ticks")
    with pytest.raises(AttributeError):
        order.qty_lots = 4  # type: ignore[misc]  # frozen


def test_states_and_words_are_stable() -> None:
    assert int(OrderState.UNKNOWN) == 6
    assert [purpose.value for purpose in Purpose] == ["entry", "exit", "protect", "flatten"]
    assert {liquidity.value for liquidity in Liquidity} == {"maker", "taker"}
