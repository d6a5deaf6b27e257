"""Paper runs: begin, end, resume after every kind of stop, and lose nothing."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from undertow.domain.engine_input import ClockAdvanced, OperatorCommanded
from undertow.domain.errors import ConfigurationError, StorageUnavailable
from undertow.domain.event import PositionClosed
from undertow.engine.rerun import Rerun
from undertow.live.paper_run import PaperRun
from undertow.live.paper_session import PaperSession
from undertow.storage.journal_files import JournalReader, JournalWriter, verify_journal
from undertow.timeline.journal_record import RunEnded, RunStarted, StatePart

Make = Callable[..., PaperRun]
Finish = Callable[[PaperRun], PaperRun]
WHOLE_S = 90.0


def _facts(session: PaperSession) -> dict[str, Any]:
    """Positions, working orders and cash, of the engine and of the simulated venues."""
    engine = session.engine
    orders = {
        order.client_order_id: (order.state, order.remaining_lots)
        for order in engine.execution.orders()
    }
    return {
        "positions": [
            (p.strategy, p.instrument_id, p.signed_lots, p.cost) for p in engine.ledger.positions
        ],
        "orders": orders,
        "cash": dict(engine.ledger.balances),
        "venues": {
            name: (exchange.balances(), [o.client_order_id for o in exchange.open_orders()])
            for name, exchange in session.exchanges.items()
        },
    }


def test_a_run_ends_by_itself_and_its_journal_verifies(whole: PaperRun) -> None:
    counters = whole.session.engine.memory.counters
    assert counters.long_trades > 3
    assert counters.short_trades > 3
    report = verify_journal(whole.home.journal)
    assert report.is_sound
    *_, last = JournalReader(whole.home.journal).records()
    assert isinstance(last.value, RunEnded)
    assert last.value.state_hash == whole.session.engine.state_hash()


def test_two_runs_of_one_seed_are_the_same(whole: PaperRun, make_run: Make, finish: Finish) -> None:
    other = finish(make_run(WHOLE_S))
    assert other.session.engine.state_hash() == whole.session.engine.state_hash()


def test_the_state_database_has_every_trade(whole: PaperRun) -> None:
    from undertow.storage.state_database import StateDatabase

    closed = [
        record.value
        for record in JournalReader(whole.home.journal).records()
        if isinstance(record.value, PositionClosed)
    ]
    with StateDatabase(whole.home.state, is_read_only=True) as state:
        assert len(state.queries.trades()) == len(closed) > 0


def test_a_stopped_run_goes_on_where_it_was(
    whole: PaperRun, make_run: Make, finish: Finish
) -> None:
    first = finish(make_run(31.0))
    second = finish(make_run(WHOLE_S - 31.0))
    assert second.session.engine.ids.run == first.session.engine.ids.run + 1
    assert any("resumed" in note for note in second.notes)
    assert _money(second) == _money(whole)


def _money(paper: PaperRun) -> tuple[str, int]:
    engine = paper.session.engine
    return engine.keeper.account(engine.now_ns).equity.text, engine.memory.counters.trades


def _cut(whole: PaperRun, home: Path, size: int) -> None:
    """What a kill leaves: the journal up to some byte, and the snapshots that were there."""
    for source in (whole.home.journal, whole.home.snapshots):
        shutil.copytree(source, home / source.relative_to(whole.home.root))
    (home / "state").mkdir()
    shutil.copy(whole.home.run_number, home / "state")
    journal = home / whole.home.journal.relative_to(whole.home.root)
    path = sorted(journal.glob("*.journal"))[-1]
    with path.open("r+b") as file:
        file.truncate(size)


def _resumed_equals_rerun(whole: PaperRun, paper: PaperRun, home: Path) -> None:
    frames = len(list(JournalReader(paper.home.journal).records()))
    assert frames > 0
    reference = PaperSession(paper.plan.settings, paper._strategies, 1)
    reference.warm_up()
    rerun = Rerun(reference.engine)
    for record in JournalReader(paper.home.journal).records():
        rerun.take(record)
    assert rerun.difference is None
    assert not rerun.pending
    expected = {k: v for k, v in _facts(reference).items() if k != "venues"}
    found = _facts(paper.session)
    assert {k: v for k, v in found.items() if k != "venues"} == expected


def _kill_and_resume(whole: PaperRun, make: Make, home: Path, random: Random) -> None:
    path = sorted(whole.home.journal.glob("*.journal"))[-1]
    header = 4_000
    _cut(whole, home, random.randrange(header, path.stat().st_size))
    paper = make(None, home=home)
    paper.open()
    try:
        _resumed_equals_rerun(whole, paper, home)
        _venue_agrees(paper)
    finally:
        paper.abandon()


def _venue_agrees(paper: PaperRun) -> None:
    # What is under way there may be ahead of us; what rests there must be known to us.
    engine = paper.session.engine
    known = {order.client_order_id for order in engine.execution.orders()}
    for exchange in paper.session.exchanges.values():
        assert {order.client_order_id for order in exchange.open_orders()} <= known
    engine.check()


@pytest.mark.parametrize("seed", range(8))
def test_killed_anywhere_it_resumes_with_the_same_books(
    whole: PaperRun, make_run: Make, tmp_path: Path, seed: int
) -> None:
    _kill_and_resume(whole, make_run, tmp_path / "killed", Random(seed))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 150))
def test_killed_at_fifty_random_moments(
    whole: PaperRun, make_run: Make, tmp_path: Path, seed: int
) -> None:
    _kill_and_resume(whole, make_run, tmp_path / "killed", Random(seed))


def test_after_a_kill_the_end_is_the_same(
    whole: PaperRun, make_run: Make, finish: Finish, tmp_path: Path
) -> None:
    path = sorted(whole.home.journal.glob("*.journal"))[-1]
    home = tmp_path / "killed"
    _cut(whole, home, path.stat().st_size * 2 // 3)
    paper = make_run(None, home=home)
    paper.open()
    done_s = (paper.session.world.now_ns - paper.plan.settings.market.start_ns) / 1e9 - 5
    paper.abandon()
    again = finish(make_run(WHOLE_S - done_s, home=home))
    assert _money(again) == _money(whole)


def test_fresh_puts_the_old_session_aside(make_run: Make, finish: Finish, tmp_path: Path) -> None:
    finish(make_run(8.0))
    fresh = finish(make_run(8.0, is_fresh=True))
    assert not any("resumed" in note for note in fresh.notes)
    assert len(list((tmp_path / "home" / "journal").iterdir())) == 2


def test_a_read_only_home_is_said_before_anything_is_traded(make_run: Make, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where a folder belongs")
    with pytest.raises(StorageUnavailable):
        make_run(5.0).open()


def test_the_kill_switch_file_stops_a_run_from_trading(
    make_run: Make, finish: Finish, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "kill.switch").write_text("drill\n")
    paper = finish(make_run(30.0))
    engine = paper.session.engine
    assert engine.risk.state.is_killed
    assert "drill" in engine.risk.state.kill_reason
    assert engine.ledger.positions == ()


def _at_first_tick(action: Callable[[], object]) -> Callable[[], None]:
    waiting = [action]

    def tick() -> None:
        while waiting:
            waiting.pop()()

    return tick


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_in_good_order(make_run: Make, number: signal.Signals) -> None:
    paper = make_run(None)
    paper.open()
    asyncio.run(paper.run(_at_first_tick(lambda: os.kill(os.getpid(), number))))
    paper.close("interrupted")
    assert paper.is_interrupted
    *_, last = JournalReader(paper.home.journal).records()
    assert isinstance(last.value, RunEnded)


def test_a_signal_engages_the_kill_switch_until_its_file_is_removed(
    make_run: Make, finish: Finish, tmp_path: Path
) -> None:
    switch = tmp_path / "home" / "kill.switch"
    paper = make_run(20.0)
    paper.open()
    asyncio.run(paper.run(_at_first_tick(lambda: os.kill(os.getpid(), signal.SIGUSR1))))
    paper.close("test")
    assert paper.session.engine.risk.state.kill_reason == "SIGUSR1 (signal)"
    assert switch.read_text() == "SIGUSR1\n"
    again = finish(make_run(5.0))
    assert again.session.engine.risk.state.is_killed
    switch.unlink()
    released = finish(make_run(5.0))
    assert not released.session.engine.risk.state.is_killed


def test_a_watcher_that_fails_ends_the_run_and_says_why(make_run: Make) -> None:
    def fail() -> None:
        raise ValueError("nobody looks at the kill switch now")

    paper = make_run(None)
    paper.open()
    with pytest.raises(ValueError, match="nobody looks"):
        asyncio.run(paper.run(fail))
    paper.abandon()


def test_a_run_may_be_abandoned_at_any_moment(make_run: Make, monkeypatch: Any) -> None:
    make_run(None).abandon()
    paper = make_run(None)
    with monkeypatch.context() as patched:
        patched.setattr(PaperSession, "warm_up", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            paper.open()
    paper.abandon()
    paper.abandon()
    again = make_run(None)
    again.open()
    again.abandon()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_lost_run_number_is_found_in_the_journal(make_run: Make, finish: Finish) -> None:
    first = finish(make_run(5.0))
    first.home.run_number.unlink()
    second = finish(make_run(5.0))
    assert second.session.engine.ids.run == first.session.engine.ids.run + 1


def test_a_second_run_in_the_same_home_is_refused_before_anything_is_written(
    make_run: Make,
) -> None:
    first = make_run(None)
    first.open()
    size = sum(path.stat().st_size for path in first.home.journal.iterdir())
    for changes in ({}, {"is_fresh": True}):
        other = make_run(None, **changes)
        with pytest.raises(ConfigurationError, match="expected to be the only one"):
            other.open()
        other.abandon()
    assert sum(path.stat().st_size for path in first.home.journal.iterdir()) == size
    first.abandon()


def test_a_kill_while_the_first_state_was_written_leaves_a_journal_that_reruns(
    whole: PaperRun, make_run: Make, finish: Finish, tmp_path: Path
) -> None:
    # Killed between RUN_STARTED and the last part of the state: half of it is there.
    home = tmp_path / "killed"
    path = next(iter(sorted(whole.home.journal.glob("*.journal"))))
    ends = [0]
    for record in JournalReader(whole.home.journal).records():
        if not isinstance(record.value, StatePart | RunStarted):
            break
        ends.append(record.sequence)
    _cut(whole, home, path.stat().st_size)
    shutil.rmtree(home / whole.home.snapshots.relative_to(whole.home.root))
    journal = home / whole.home.journal.relative_to(whole.home.root)
    _cut_after(journal, ends[-1] - 2)
    paper = finish(make_run(20.0, home=home))
    rerun = Rerun(PaperSession(paper.plan.settings, paper._strategies, 1).engine)
    for record in JournalReader(paper.home.journal).records():
        rerun.take(record)
    assert rerun.difference is None
    assert rerun.engine.state_hash() == paper.session.engine.state_hash()


def _cut_after(journal: Path, sequence: int) -> None:
    # Whole frames up to one, and a few bytes of the next.
    path = next(iter(journal.glob("*.journal")))
    data = path.read_bytes()
    low, high = 0, len(data)
    while low < high:
        middle = (low + high + 1) // 2
        path.write_bytes(data[:middle])
        if JournalReader(journal).last_position().sequence <= sequence:
            low = middle
        else:
            high = middle - 1
    path.write_bytes(data[:low])


def test_no_checkpoint_is_taken_while_rows_wait(make_run: Make) -> None:
    paper = make_run(None, checkpoint_every_s=0)
    paper.open()
    before = sorted(paper.home.snapshots.iterdir())
    paper._queue.put(ClockAdvanced(paper.session.engine.now_ns + 1))
    paper._after_step()
    assert sorted(paper.home.snapshots.iterdir()) == before
    asyncio.run(paper._queue.get())
    paper.journal.append_input(ClockAdvanced(paper.session.engine.now_ns + 1))
    paper._after_step()
    assert sorted(paper.home.snapshots.iterdir()) != before
    paper.abandon()


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 9))]
)
def test_an_operator_at_any_moment_leaves_a_session_that_resumes(
    make_run: Make, finish: Finish, tmp_path: Path, seed: int
) -> None:
    # A checkpoint after every step, and the switch thrown between any two of them.
    random, switch = Random(seed), tmp_path / "home" / "kill.switch"

    def throw() -> None:
        if random.random() < 0.5:
            switch.unlink(missing_ok=True)
        else:
            switch.write_text("drill")

    paper = make_run(4.0, checkpoint_every_s=0, keep_snapshots=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("undertow.live.paper_run.KILL_POLL_S", 0)
        paper.open()
        asyncio.run(paper.run(throw))
    paper.abandon()  # as a kill would leave it
    switch.unlink(missing_ok=True)
    resumed = finish(make_run(5.0))
    assert any("resumed" in note for note in resumed.notes)
    assert any(
        isinstance(record.value, OperatorCommanded)
        for record in JournalReader(resumed.home.journal).records()
    )


def test_a_full_disk_in_the_middle_sends_nothing_and_can_be_resumed(
    make_run: Make, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = make_run(60.0)
    paper.open()
    with monkeypatch.context() as patched:
        patched.setattr(JournalWriter, "append_commands", _refuse_command)
        with pytest.raises(StorageUnavailable):
            asyncio.run(paper.run())
    assert all(exchange.is_idle for exchange in paper.session.exchanges.values())
    paper.abandon()
    resumed = finish(make_run(20.0))
    assert resumed.session.engine.memory.counters.orders > 0
    resumed.session.engine.check()


def _refuse_command(*_: object) -> None:
    raise StorageUnavailable("expected room on the disk, found none")


def test_a_damaged_snapshot_is_passed_over_and_said(
    whole: PaperRun, make_run: Make, tmp_path: Path
) -> None:
    home = tmp_path / "damaged"
    _cut(whole, home, sorted(whole.home.journal.glob("*.journal"))[-1].stat().st_size)
    snapshots = home / whole.home.snapshots.relative_to(whole.home.root)
    newest = sorted(snapshots.iterdir())[-1]
    newest.write_bytes(newest.read_bytes()[:-9])
    paper = make_run(None, home=home)
    paper.open()
    assert any(f"skipped snapshot {newest.name}" in note for note in paper.notes)
    _venue_agrees(paper)
    assert _money(paper) == _money(whole)
    paper.abandon()


def test_without_any_snapshot_the_journal_alone_is_enough(
    whole: PaperRun, make_run: Make, tmp_path: Path
) -> None:
    home = tmp_path / "bare"
    _cut(whole, home, sorted(whole.home.journal.glob("*.journal"))[-1].stat().st_size)
    shutil.rmtree(home / "snapshots")
    paper = make_run(None, home=home)
    paper.open()
    assert _money(paper) == _money(whole)
    paper.abandon()


def test_market_data_is_recorded_when_asked_for(make_run: Make, finish: Finish) -> None:
    paper = finish(make_run(10.0, is_recorded=True))
    assert list(paper.home.data.rglob("*.parquet"))
    assert finish(make_run(1.0, is_fresh=True)).notes == []
