"""The embedded world behind the venue protocol: order, pace, end."""

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.command import QueryOrder
from undertow.domain.engine_input import ClockAdvanced, ReportReceived, SourceChanged
from undertow.domain.identity import ClientOrderId
from undertow.domain.market_event import EventArray
from undertow.domain.time import NS_PER_S
from undertow.live.paper_session import PaperSession
from undertow.live.paper_venue import LONGEST_NAP_S, PaperVenue
from undertow.timeline.clock import ManualClock
from undertow.venues.capabilities import NEEDED_FOR_TRADING

NEVER_NS = 2**63 - 1


class Ears:
    """A sink that writes down what it hears, and does something at each item."""

    def __init__(self, at_each: Callable[[], None] = lambda: None) -> None:
        self.heard: list[Any] = []
        self._at_each = at_each

    def _hear(self, item: Any) -> None:
        self.heard.append(item)
        self._at_each()

    def on_market_rows(self, rows: EventArray) -> None:
        self._hear(rows)

    def on_report(self, received: ReportReceived) -> None:
        self._hear(received)

    def on_source_changed(self, changed: SourceChanged) -> None:
        self._hear(changed)

    def on_clock(self, advanced: ClockAdvanced) -> None:
        self._hear(advanced)

    @property
    def rows(self) -> EventArray:
        return np.concatenate([item for item in self.heard if isinstance(item, np.ndarray)])


async def settled() -> None:
    """Everything is handled at once."""


@pytest.fixture
def make_venue(session: PaperSession) -> Callable[..., PaperVenue]:
    def make(**changes: Any) -> PaperVenue:
        chosen = {"next_due_ns": lambda: NEVER_NS, "speed": None, **changes}
        clock = chosen.pop("clock", ManualClock())
        return PaperVenue(session.world, tuple(session.market.table), settled, clock, **chosen)

    return make


def test_it_gives_every_row_of_the_market_in_order(
    make_venue: Callable[..., PaperVenue], session: PaperSession, make_session: Any
) -> None:
    ears, end_ns = Ears(), session.settings.market.start_ns + 3 * NS_PER_S
    asyncio.run(make_venue(until_ns=end_ns).run(ears))
    twin = make_session().world
    expected = twin.take_rows(len(ears.rows) + 1)
    assert ears.rows.tobytes() == expected[:-1].tobytes()
    assert ears.rows[-1]["receive_time_ns"] <= end_ns < expected[-1]["receive_time_ns"]
    assert session.world.now_ns == end_ns


def test_a_second_run_goes_on_where_the_first_ended(
    make_venue: Callable[..., PaperVenue], session: PaperSession, make_session: Any
) -> None:
    ears, start_ns = Ears(), session.settings.market.start_ns
    for seconds in (1, 2, 3):
        asyncio.run(make_venue(until_ns=start_ns + seconds * NS_PER_S).run(ears))
    assert ears.rows.tobytes() == make_session().world.take_rows(len(ears.rows)).tobytes()


class _Steps:
    """A wall clock that moves a little at every look."""

    def __init__(self, step_ns: int) -> None:
        self.now = 5 * NS_PER_S
        self._step_ns = step_ns

    def now_ns(self) -> int:
        self.now += self._step_ns
        return self.now


@pytest.mark.parametrize("speed", [0.5, 10.0])
def test_it_is_never_ahead_of_its_pace(
    make_venue: Callable[..., PaperVenue], session: PaperSession, monkeypatch: Any, speed: float
) -> None:
    clock, naps = _Steps(2_000_000), []
    start_ns, began = session.settings.market.start_ns, clock.now

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    def is_on_time() -> None:
        elapsed = clock.now - began
        latest = start_ns + int(elapsed * speed) + NS_PER_S // 10
        assert session.world.now_ns <= latest

    monkeypatch.setattr(asyncio, "sleep", nap)
    ears = Ears(is_on_time)
    asyncio.run(make_venue(clock=clock, speed=speed, until_ns=start_ns + NS_PER_S).run(ears))
    assert len(ears.rows) > 50
    assert naps
    assert max(naps) <= LONGEST_NAP_S


def test_closing_ends_it_after_the_slice(make_venue: Callable[..., PaperVenue]) -> None:
    async def scenario() -> None:
        ears = Ears(lambda: closing.append(asyncio.ensure_future(venue.close())))
        closing: list[Any] = []
        venue = make_venue(clock=ManualClock())
        await asyncio.wait_for(venue.run(ears), 10)
        assert 1 <= len(ears.heard) < 10

    asyncio.run(scenario())


def test_a_clock_is_told_where_something_is_due_and_no_row_comes(
    make_venue: Callable[..., PaperVenue], session: PaperSession
) -> None:
    start_ns = session.settings.market.start_ns
    due = iter(range(start_ns + 7, start_ns + 2 * NS_PER_S, 50_000_003))
    waiting = [next(due)]

    def move_on() -> None:
        while waiting[0] <= session.world.now_ns:
            waiting[0] = next(due)

    ears = Ears(move_on)
    venue = make_venue(until_ns=start_ns + NS_PER_S, next_due_ns=lambda: waiting[0])
    asyncio.run(venue.run(ears))
    clocks = [item.receive_time_ns for item in ears.heard if isinstance(item, ClockAdvanced)]
    assert clocks
    assert all((at - start_ns) % 50_000_003 == 7 for at in clocks)


def test_commands_reach_the_simulated_venue_and_are_answered(
    make_venue: Callable[..., PaperVenue], session: PaperSession
) -> None:
    start_ns = session.settings.market.start_ns
    name = session.market.table[0]
    query = QueryOrder(name.venue, name.instrument_id, ClientOrderId("ut1-o1"), start_ns + NS_PER_S)

    async def scenario() -> Ears:
        await make_venue(until_ns=start_ns + NS_PER_S).run(Ears())
        ears, venue = Ears(), make_venue(until_ns=start_ns + 2 * NS_PER_S)
        await venue.submit(query)
        await venue.run(ears)
        return ears

    reports = [item for item in asyncio.run(scenario()).heard if isinstance(item, ReportReceived)]
    assert [item.report.client_order_id for item in reports] == ["ut1-o1"]  # type: ignore[union-attr]  # an OrderStatus
    assert reports[0].receive_time_ns >= query.sent_ns + session.world.round_trip_ns


def test_it_says_what_it_is(make_venue: Callable[..., PaperVenue], session: PaperSession) -> None:
    venue = make_venue()
    assert venue.instruments() == tuple(session.market.table)
    assert venue.capabilities.missing(NEEDED_FOR_TRADING) == ()
