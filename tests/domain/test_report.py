import typing

from undertow.domain.identity import ClientOrderId, VenueOrderId
from undertow.domain.order import OrderState
from undertow.domain.report import OrderStatus, Report, RequestTimedOut
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact

DECODER: ExactDecoder[Report] = ExactDecoder(Report)


def test_reports_survive_the_journal() -> None:
    timed_out = RequestTimedOut(
        venue="aster", event_time_ns=1, client_order_id=ClientOrderId("ut1-o1"), request="submit"
    )
    status = OrderStatus(
        venue="aster",
        event_time_ns=2,
        client_order_id=ClientOrderId("ut1-o1"),
        venue_order_id=VenueOrderId("7"),
        state=OrderState.PARTIALLY_FILLED,
        filled_lots=1,
        qty_lots=3,
        price_ticks=100,
    )
    for report in (timed_out, status):
        assert DECODER.decode(encode_exact(report)) == report


def test_every_report_names_its_venue_and_its_time() -> None:
    kinds = typing.get_args(Report)
    assert all({"venue", "event_time_ns"} <= set(kind.__struct_fields__) for kind in kinds)
    assert len({kind.__struct_config__.tag for kind in kinds}) == len(kinds)
