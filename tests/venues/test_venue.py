import asyncio

import numpy as np

from undertow.domain.command import Command, QueryOrder
from undertow.domain.engine_input import ClockAdvanced, ReportReceived, SourceChanged
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.instrument import Instrument
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.report import RequestTimedOut
from undertow.venues.capabilities import Capabilities
from undertow.venues.venue import Venue, VenueSink


class EchoVenue:
    """The least a venue can be: it answers every command with "timed out"."""

    name = "echo"
    capabilities = Capabilities(())

    def __init__(self) -> None:
        self._sink: VenueSink | None = None

    def instruments(self) -> tuple[Instrument, ...]:
        return ()

    async def run(self, sink: VenueSink) -> None:
        self._sink = sink
        sink.on_market_rows(np.zeros(2, EVENT))

    async def submit(self, command: Command) -> None:
        assert self._sink is not None
        assert isinstance(command, QueryOrder)
        report = RequestTimedOut(
            venue=self.name,
            event_time_ns=1,
            client_order_id=command.client_order_id,
            request="query",
        )
        self._sink.on_report(ReportReceived(2, report))

    async def close(self) -> None:
        self._sink = None


class Heard:
    def __init__(self) -> None:
        self.rows = 0
        self.reports: list[ReportReceived] = []

    def on_market_rows(self, rows: EventArray) -> None:
        self.rows += len(rows)

    def on_report(self, received: ReportReceived) -> None:
        self.reports.append(received)

    def on_source_changed(self, changed: SourceChanged) -> None:
        raise AssertionError(changed)

    def on_clock(self, advanced: ClockAdvanced) -> None:
        raise AssertionError(advanced)


async def _round(venue: Venue, sink: VenueSink) -> None:
    await venue.run(sink)
    await venue.submit(QueryOrder("echo", InstrumentId("A/B@echo"), ClientOrderId("ut1-o1"), 1))
    await venue.close()


def test_a_plain_class_is_a_venue_and_answers_through_the_sink() -> None:
    heard = Heard()
    asyncio.run(_round(EchoVenue(), heard))
    assert heard.rows == 2
    assert [received.report.client_order_id for received in heard.reports] == ["ut1-o1"]  # type: ignore[union-attr]  # only this report is sent
