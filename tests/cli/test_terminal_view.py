import asyncio
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from undertow.cli import terminal_view
from undertow.cli.terminal_view import LiveScreen, PaperGauges, TerminalView, run_with_view
from undertow.cli.view.figures import money, price
from undertow.domain.time import NS_PER_S
from undertow.timeline.journal import JournalPosition


def view_of(run: Any) -> TerminalView:
    view = TerminalView(run.engine, run.recent, speed_text="x10")
    view.sample(NS_PER_S)
    return view


def shown(view: TerminalView, width: int, height: int) -> str:
    console = Console(width=width, height=height, record=True, file=io.StringIO())
    console.print(view.render())
    return console.export_text()


def test_the_numbers_of_the_engine_appear(open_run: Any) -> None:
    engine = open_run.engine
    text = shown(view_of(open_run), 120, 36)
    equity = engine.ledger.equity(engine.rates.marks(), engine.rates.rates())
    assert f"{money(float(equity))} USDT" in text
    for position in engine.keeper.positions():
        assert price(engine.table[position.index], position.stop_ticks) in text
    assert "planned  looked" in text
    assert "stop_too_far" in text
    assert "For research and education. Not investment advice." in text


def test_drawing_changes_nothing(open_run: Any) -> None:
    before = open_run.engine.state_hash()
    view = view_of(open_run)
    first = shown(view, 80, 24)
    assert shown(view, 80, 24) == first
    assert open_run.engine.state_hash() == before


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80, height=24)


def test_the_terminal_is_given_back(open_run: Any) -> None:
    console = terminal()

    def fail() -> None:
        with LiveScreen(view_of(open_run), console) as screen:
            screen.tick()
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        fail()
    assert isinstance(console.file, io.StringIO)
    written = console.file.getvalue()
    assert written.count("\x1b[?1049h") == written.count("\x1b[?1049l") == 1
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")
    assert "UNDERTOW" in written


def test_frames_are_no_more_than_asked(open_run: Any) -> None:
    times = iter((NS_PER_S, NS_PER_S + 1, 2 * NS_PER_S))
    console = terminal()
    with LiveScreen(view_of(open_run), console, lambda: next(times)) as screen:
        sizes = []
        for _ in range(3):
            screen.tick()
            assert isinstance(console.file, io.StringIO)
            sizes.append(len(console.file.getvalue()))
    assert sizes[0] == sizes[1] < sizes[2]


def paper_of(run: Any) -> Any:
    journal = SimpleNamespace(position=JournalPosition(9, b""), durable_sequence=7)
    plan = SimpleNamespace(speed=None)
    session = SimpleNamespace(engine=run.engine)
    recording = SimpleNamespace(recent=run.recent)
    paper = SimpleNamespace(journal=journal, plan=plan, session=session, recording=recording)
    paper.ticks = 0

    async def drive(on_tick: Callable[[], None]) -> None:
        on_tick()
        paper.ticks += 1

    paper.run = drive
    return paper


def test_gauges_are_read_from_the_run(open_run: Any) -> None:
    gauges = PaperGauges(paper_of(open_run), 0.25)()
    assert (gauges.journal_frames, gauges.journal_durable) == (9, 7)
    assert gauges.loop_lag_ms == 0.0
    assert gauges.memory_mib is not None
    assert gauges.memory_mib > 10


def test_a_paper_run_is_shown_while_it_goes_on(
    open_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = terminal()
    monkeypatch.setattr(terminal_view, "Console", lambda: console)
    paper = paper_of(open_run)
    asyncio.run(run_with_view(paper))
    assert paper.ticks == 1
    assert isinstance(console.file, io.StringIO)
    assert "max" in console.file.getvalue()
