"""What is recorded, in which order, and when it is on disk."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from undertow.domain.command import CancelOrder, Command, SubmitOrder
from undertow.domain.engine_input import ClockAdvanced, Effect
from undertow.domain.errors import StorageUnavailable
from undertow.domain.event import CircuitBreakerReset
from undertow.domain.identity import ClientOrderId, InstrumentId
from undertow.domain.time import NS_PER_S
from undertow.engine.conductor import Conductor, NoRecord
from undertow.engine.rerun import Rerun
from undertow.timeline.journal import FrameKind
from undertow.timeline.row_slice import RowSlice


def _event(rule: str) -> CircuitBreakerReset:
    return CircuitBreakerReset(at_ns=1, rule=rule)


def _cancel(name: str) -> CancelOrder:
    return CancelOrder("aster", InstrumentId("X@aster"), ClientOrderId(name), 1)


def test_events_and_commands_keep_their_true_order(
    make_paper: Callable[..., Any], tape: Any
) -> None:
    conductor = Conductor(make_paper().engine, tape)
    effects: list[Effect] = [_event("a"), _cancel("1"), _cancel("2"), _event("b"), _cancel("3")]
    effects.append(_event("c"))
    commands = conductor.keep(effects)
    assert [value for _, value in tape.kept] == effects
    assert commands == [_cancel("1"), _cancel("2"), _cancel("3")]
    assert tape.durable == 5


def test_what_is_returned_is_durable_already(conducted: tuple[Any, Any]) -> None:
    _, tape = conducted
    kinds = [kind for kind, _ in tape.kept]
    assert kinds.count(FrameKind.COMMAND) > 20
    last_command = len(kinds) - kinds[::-1].index(FrameKind.COMMAND)
    assert tape.durable == last_command


def test_every_row_and_effect_is_kept_once(conducted: tuple[Any, Any]) -> None:
    paper, tape = conducted
    counters = paper.engine.memory.counters
    rows = [value for kind, value in tape.kept if kind is FrameKind.MARKET]
    assert sum(map(len, rows)) == counters.rows
    times = np.concatenate(rows)["receive_time_ns"]
    assert (np.diff(times) >= 0).all()
    events = [value for kind, value in tape.kept if kind is FrameKind.EVENT]
    assert len(events) == counters.events
    orders = [value for _, value in tape.kept if isinstance(value, SubmitOrder)]
    assert len(orders) == counters.orders


def test_the_clock_stands_for_a_row_that_is_not_recorded_yet(
    make_checker: Callable[[], Any], tape: Any
) -> None:
    paper = make_checker()
    rows = np.concatenate([paper.market.next_block() for _ in range(3)])
    stop, commands = Conductor(paper.engine, tape).take_rows(RowSlice(rows, 0, len(rows)))
    due = paper.market.config.start_ns + NS_PER_S
    assert [type(command) for command in commands] == [SubmitOrder]
    assert rows[stop - 1]["receive_time_ns"] < due <= rows[stop]["receive_time_ns"]
    (_, recorded), (_, clock), *effects = tape.kept
    assert np.array_equal(recorded, rows[:stop])
    assert clock == ClockAdvanced(due)
    assert [value for kind, value in effects if kind is FrameKind.COMMAND] == commands


def test_no_clock_is_needed_where_a_row_itself_caused_the_effects(
    make_paper: Callable[..., Any], tape: Any
) -> None:
    make_paper().conduct(70, tape)
    after = {
        type(tape.kept[i + 1][1]).__name__
        for i, (kind, _) in enumerate(tape.kept[:-1])
        if kind is FrameKind.MARKET
    }
    assert "DecisionMade" in after


@pytest.mark.parametrize("most_rows", [1, 50])
def test_the_record_replays_however_it_was_sliced(
    make_checker: Callable[[], Any], tape: Any, most_rows: int, conducted: tuple[Any, Any]
) -> None:
    paper = make_checker().conduct(30, tape, most_rows)
    rerun = Rerun(make_checker().engine)
    for record in tape.records():
        rerun.take(record)
    assert rerun.difference is None
    assert not rerun.pending
    assert rerun.engine.state_hash() == paper.engine.state_hash()
    effects = (FrameKind.EVENT, FrameKind.COMMAND)
    assert [v for kind, v in tape.kept if kind in effects] == [
        v for kind, v in conducted[1].kept if kind in effects
    ]


def test_a_disk_that_refuses_a_command_keeps_it_from_being_sent(
    make_checker: Callable[[], Any], tape: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Sequence[Command]) -> None:
        raise StorageUnavailable("expected room on the disk, found none")

    monkeypatch.setattr(tape, "append_commands", refuse)
    paper = make_checker()
    with pytest.raises(StorageUnavailable):
        paper.conduct(30, tape)
    assert paper.engine.memory.counters.orders == 1
    assert paper.exchange.is_idle


def test_a_disk_that_refuses_rows_stops_before_their_effects(
    make_checker: Callable[[], Any], tape: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise StorageUnavailable("expected room on the disk, found none")

    monkeypatch.setattr(tape, "append_market", refuse)
    with pytest.raises(StorageUnavailable):
        make_checker().conduct(30, tape)
    assert tape.kept == []


def test_an_input_is_recorded_before_its_effects(
    make_checker: Callable[[], Any], tape: Any
) -> None:
    paper = make_checker().run(3.5)
    taken = Conductor(paper.engine, tape).take(ClockAdvanced(paper.engine.now_ns + NS_PER_S))
    assert isinstance(tape.kept[0][1], ClockAdvanced)
    assert len(tape.kept) > 1
    assert [value for kind, value in tape.kept if kind is FrameKind.COMMAND] == taken


def test_without_a_record_the_engine_does_the_same(
    make_checker: Callable[[], Any], conducted: tuple[Any, Any]
) -> None:
    paper = make_checker().conduct(30, NoRecord())
    assert paper.engine.state_hash() == conducted[0].engine.state_hash()


def test_an_empty_slice_is_nothing(make_checker: Callable[[], Any], tape: Any) -> None:
    paper = make_checker()
    rows = paper.market.next_block()
    assert Conductor(paper.engine, tape).take_rows(RowSlice(rows, 5, 5)) == (5, [])
    assert tape.kept == []
