"""The driver with venues and an engine that do as they are told."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, cast

import numpy as np
import pytest

from undertow.domain.command import CancelOrder, Command, PauseEntries
from undertow.domain.engine_input import (
    ClockAdvanced,
    Input,
    OperatorCommanded,
    ReportReceived,
    SourceChanged,
)
from undertow.domain.errors import (
    CallerError,
    ConnectionLost,
    InvariantBroken,
    StorageUnavailable,
    UndertowError,
)
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.money import Money
from undertow.domain.report import BalanceReported
from undertow.engine.conductor import Conductor
from undertow.live import driver as driver_module
from undertow.live.driver import Driver
from undertow.live.input_queue import InputQueue
from undertow.timeline.row_slice import RowSlice
from undertow.venues.venue import Venue, VenueSink

NOW = 1_000
Life = Callable[["FakeVenue", VenueSink], Awaitable[None]]


class FakeVenue:
    """Lives one scripted life after the other; remembers what it was sent."""

    def __init__(self, *lives: Life) -> None:
        self.lives = list(lives)
        self.closed = asyncio.Event()
        self.sent: list[Command] = []
        self.runs = 0

    async def run(self, sink: VenueSink) -> None:
        self.runs += 1
        await self.lives.pop(0)(self, sink)

    async def submit(self, command: Command) -> None:
        self.sent.append(command)

    async def close(self) -> None:
        self.closed.set()


class FakeConductor:
    """Answers with what the script says for an item; remembers the items."""

    def __init__(self) -> None:
        self.items: list[Input | EventArray] = []
        self.answers: list[list[Command]] = []
        self.failure: UndertowError | None = None
        self.most_rows = 1 << 30

    def _answer(self) -> list[Command]:
        if self.failure is not None:
            raise self.failure
        return self.answers.pop(0) if self.answers else []

    def take_rows(self, part: RowSlice) -> tuple[int, list[Command]]:
        stop = min(part.stop, part.start + self.most_rows)
        self.items.append(part.rows[part.start : stop])
        return stop, self._answer()

    def take(self, item: Input) -> list[Command]:
        self.items.append(item)
        return self._answer()


class Stage:
    """A driver and its surroundings."""

    def __init__(self, venues: dict[str, FakeVenue], max_rows: int = 1_000) -> None:
        self.conductor = FakeConductor()
        self.queue = InputQueue(max_rows)
        self.steps = 0
        self.stepped = asyncio.Semaphore(0)
        self.driver = Driver(
            cast(Conductor, self.conductor),
            cast(dict[str, Venue], venues),
            {"aster": ("aster.spot", "aster.perp"), "borea": ("borea.perp",)},
            queue=self.queue,
            now_ns=lambda: NOW,
            after_step=self._count,
        )

    def _count(self) -> None:
        self.steps += 1
        self.stepped.release()

    async def until(self, steps: int) -> None:
        """Wait for that many steps more."""
        for _ in range(steps):
            await self.stepped.acquire()


def run(scenario: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await scenario

    asyncio.run(bounded())


def rows(count: int, source: int = 0) -> EventArray:
    made = np.zeros(count, EVENT)
    made["kind"], made["source"] = EventKind.TRADE, source
    return made


def cancel(venue: str, name: str) -> CancelOrder:
    return CancelOrder(venue, InstrumentId("X"), ClientOrderId(name), NOW)


def report(at_ns: int = NOW) -> ReportReceived:
    money = Money.zero("USDT")
    return ReportReceived(at_ns, BalanceReported(venue="aster", event_time_ns=1, balance=money))


async def ends(_: FakeVenue, __: VenueSink) -> None:
    """A venue that has nothing to say."""


async def lives_on(venue: FakeVenue, _: VenueSink) -> None:
    await venue.closed.wait()


async def breaks(_: FakeVenue, __: VenueSink) -> None:
    raise ConnectionLost("reset by peer")


def pushes(*items: Any) -> Life:
    async def life(_: FakeVenue, sink: VenueSink) -> None:
        for item in items:
            if isinstance(item, np.ndarray):
                sink.on_market_rows(item)
            elif isinstance(item, ReportReceived):
                sink.on_report(item)
            elif isinstance(item, SourceChanged):
                sink.on_source_changed(item)
            else:
                sink.on_clock(item)

    return life


def test_everything_a_venue_said_is_handled_in_its_order_before_the_end() -> None:
    async def scenario() -> None:
        said = [rows(2), report(), ClockAdvanced(5), SourceChanged(6, "aster.spot", True, "")]
        stage = Stage({"aster": FakeVenue(pushes(*said))})
        await stage.driver.run()
        assert [type(item) for item in stage.conductor.items] == [type(item) for item in said]
        assert stage.steps == 4
        assert stage.queue.is_empty

    run(scenario())


def test_commands_go_to_the_venue_they_name_in_their_order() -> None:
    async def scenario() -> None:
        aster, borea = FakeVenue(pushes(report(), report())), FakeVenue(lives_on)
        stage = Stage({"aster": aster, "borea": borea})
        orders = [cancel("aster", "1"), cancel("borea", "2"), cancel("aster", "3")]
        stage.conductor.answers = [[*orders], [cancel("borea", "4")]]
        task = asyncio.create_task(stage.driver.run())
        await stage.until(2)
        await stage.driver.stop()
        await task
        assert aster.sent == [orders[0], orders[2]]
        assert borea.sent == [orders[1], cancel("borea", "4")]

    run(scenario())


def test_rows_are_offered_again_until_all_are_taken() -> None:
    async def scenario() -> None:
        stage = Stage({"aster": FakeVenue(pushes(rows(10)))})
        stage.conductor.most_rows = 4
        await stage.driver.run()
        taken = [len(cast(EventArray, item)) for item in stage.conductor.items]
        assert (taken, stage.steps) == ([4, 4, 2], 1)

    run(scenario())


def test_a_long_batch_is_cut_so_that_others_get_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver_module, "MOST_ROWS_A_STEP", 3)

    async def scenario() -> None:
        stage = Stage({"aster": FakeVenue(pushes(rows(7)))})
        await stage.driver.run()
        assert [len(cast(EventArray, item)) for item in stage.conductor.items] == [3, 3, 1]

    run(scenario())


def _without_waiting(monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> None:
    async def no_wait(waiting: Coroutine[Any, Any, object], pause: float) -> None:
        waiting.close()
        pauses.append(pause)
        await asyncio.sleep(0)
        raise TimeoutError

    monkeypatch.setattr(asyncio, "wait_for", no_wait)


def test_a_lost_venue_is_started_again_and_its_sources_are_told_as_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    _without_waiting(monkeypatch, pauses)

    async def scenario() -> None:
        venue = FakeVenue(breaks, breaks, pushes(report()))
        stage = Stage({"aster": venue})
        await stage.driver.run()
        lost = [
            SourceChanged(NOW, name, False, "reset by peer")
            for name in ("aster.spot", "aster.perp")
        ]
        assert stage.conductor.items == [*lost, *lost, report()]
        assert (venue.runs, stage.driver.restarts) == (3, {"aster": 2})

    run(scenario())
    assert pauses == [1.0, 2.0]


def test_pauses_grow_to_a_limit_and_start_over_after_a_good_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    _without_waiting(monkeypatch, pauses)
    monkeypatch.setattr(driver_module, "LONGEST_PAUSE_S", 6.0)

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()

        async def runs_well(_: FakeVenue, __: VenueSink) -> None:
            monkeypatch.setattr(loop, "time", lambda: start + 100.0)
            raise ConnectionLost("after a good time")

        venue = FakeVenue(*[breaks] * 5, runs_well, breaks, ends)
        monkeypatch.setattr(loop, "time", lambda: start)
        await Stage({"aster": venue}).driver.run()

    asyncio.run(scenario())
    assert pauses == [1.0, 2.0, 4.0, 6.0, 6.0, 1.0, 2.0]


def test_stopping_does_not_wait_for_the_pause_of_a_lost_venue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(driver_module, "FIRST_PAUSE_S", 3_600.0)

    async def scenario() -> None:
        venue = FakeVenue(breaks)
        stage = Stage({"aster": venue})
        task = asyncio.create_task(stage.driver.run())
        await stage.until(2)
        await stage.driver.stop()
        await task
        assert venue.runs == 1

    run(scenario())


def test_one_venue_lost_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_waiting(monkeypatch, [])

    async def scenario() -> None:
        stage = Stage({"aster": FakeVenue(breaks, ends), "borea": FakeVenue(pushes(rows(1)))})
        await stage.driver.run()
        assert stage.driver.restarts == {"aster": 1, "borea": 0}
        assert sum(isinstance(item, np.ndarray) for item in stage.conductor.items) == 1

    run(scenario())


@pytest.mark.parametrize(
    "failure", [InvariantBroken("books"), StorageUnavailable("disk full"), CallerError("too fine")]
)
def test_what_breaks_the_engine_stops_everything(failure: UndertowError) -> None:
    async def scenario() -> None:
        venue = FakeVenue(lives_on)
        stage = Stage({"aster": venue, "borea": FakeVenue(pushes(report(), report()))})
        stage.conductor.failure = failure
        with pytest.raises(type(failure), match=str(failure)):
            await stage.driver.run()
        assert len(stage.conductor.items) == 1
        assert venue.closed.is_set()
        assert venue.sent == []

    run(scenario())


def test_what_breaks_inside_a_venue_is_raised_as_it_is() -> None:
    async def is_wrong(_: FakeVenue, __: VenueSink) -> None:
        raise InvariantBroken("expected a round trip")

    async def scenario() -> None:
        other = FakeVenue(lives_on)
        stage = Stage({"aster": FakeVenue(is_wrong), "borea": other})
        with pytest.raises(InvariantBroken, match="round trip"):
            await stage.driver.run()
        assert other.closed.is_set()

    run(scenario())


def test_operators_take_the_same_road() -> None:
    async def scenario() -> None:
        stage = Stage({"aster": FakeVenue(lives_on)})
        task = asyncio.create_task(stage.driver.run())
        stage.driver.operate(PauseEntries("command"))
        await stage.until(1)
        await stage.driver.stop()
        await task
        assert stage.conductor.items == [OperatorCommanded(NOW, PauseEntries("command"))]

    run(scenario())


def test_an_overload_is_seen_as_gaps_and_loses_no_report() -> None:
    async def scenario() -> None:
        burst = [rows(40), report(1), rows(40), report(2), rows(40), rows(5, source=1)]
        stage = Stage({"aster": FakeVenue(pushes(*burst))}, max_rows=100)
        await stage.driver.run()
        items = stage.conductor.items
        arrays = [item for item in items if isinstance(item, np.ndarray)]
        others = [item for item in items if not isinstance(item, np.ndarray)]
        assert others == [report(1), report(2)]
        gaps = [row for item in arrays for row in item if row["kind"] == EventKind.GAP]
        assert [(row["source"], row["qty_lots"]) for row in gaps] == [(0, 120)]
        assert stage.queue.dropped_rows == 120
        assert sum(len(item) for item in arrays) == 1 + 5

    run(scenario())


def test_an_object_that_serves_two_venues_runs_once() -> None:
    async def scenario() -> None:
        both = FakeVenue(pushes(report()))
        stage = Stage({"aster": both, "borea": both})
        stage.conductor.answers = [[cancel("borea", "1"), cancel("aster", "2")]]
        await stage.driver.run()
        assert both.runs == 1
        assert both.sent == [cancel("borea", "1"), cancel("aster", "2")]

    run(scenario())


def test_after_step_sees_the_commands_sent() -> None:
    async def scenario() -> None:
        venue = FakeVenue(pushes(report()))
        stage = Stage({"aster": venue})
        stage.conductor.answers = [[cancel("aster", "1")]]
        seen: list[Sequence[Command]] = []
        stage._count = lambda: seen.append(list(venue.sent))  # type: ignore[method-assign]
        stage.driver._after_step = stage._count
        await stage.driver.run()
        assert seen == [[cancel("aster", "1")]]

    run(scenario())
