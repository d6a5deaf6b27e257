import msgspec

from undertow.domain.identity import ClientOrderId, VenueOrderId
from undertow.domain.report import OrderAccepted
from undertow.simulator.delivery import Delivery


def test_survives_the_wire() -> None:
    report = OrderAccepted(
        venue="aster",
        event_time_ns=5,
        client_order_id=ClientOrderId("a"),
        venue_order_id=VenueOrderId("aster-1"),
    )
    delivery = Delivery(7, report)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(delivery), type=Delivery) == delivery
