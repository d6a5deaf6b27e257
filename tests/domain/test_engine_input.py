import msgspec
import pytest

from undertow.domain.command import AmendOrder, Command, EngageKillSwitch
from undertow.domain.engine_input import ClockAdvanced, Input, OperatorCommanded, ReportReceived
from undertow.domain.identity import ClientOrderId, FillId, InstrumentId, VenueOrderId
from undertow.domain.money import Money
from undertow.domain.order import Liquidity
from undertow.domain.report import OrderFilled
from undertow.domain.side import Side

FILLED = OrderFilled(
    venue="aster",
    event_time_ns=5,
    client_order_id=ClientOrderId("ut1-o1"),
    venue_order_id=VenueOrderId("9"),
    fill_id=FillId("f1"),
    instrument_id=InstrumentId("BTC/USDT@aster"),
    side=Side.BUY,
    price_ticks=100,
    qty_lots=3,
    liquidity=Liquidity.TAKER,
    fee=Money.of("0.000000000000000001", "USDT"),
)


@pytest.mark.parametrize(
    "value",
    [
        ReportReceived(7, FILLED),
        ClockAdvanced(8),
        OperatorCommanded(9, EngageKillSwitch("file", "found kill.switch")),
    ],
)
def test_inputs_survive_the_journal(value: Input) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=Input) == value


def test_commands_survive_the_journal() -> None:
    amend = AmendOrder("aster", InstrumentId("a"), ClientOrderId("b"), 1, 2, 3)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(amend), type=Command) == amend
