"""Paper runs: begin, end, resume after every kind of stop, and lose nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from undertow.domain.errors import StorageUnavailable
from undertow.domain.event import PositionClosed
from undertow.engine.rerun import Rerun
from undertow.live.paper_run import PaperRun
from undertow.live.paper_session import PaperSession
from undertow.storage.journal_files import JournalReader, verify_journal
from undertow.timeline.journal_record import RunEnded

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


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> PaperRun:
    """An uninterrupted run to compare with."""
    import asyncio

    from tests.live.conftest import flipper, plan

    from undertow.timeline.clock import ManualClock

    paper = PaperRun(plan(WHOLE_S), [flipper()], tmp_path_factory.mktemp("whole"), ManualClock())
    paper.open()
    asyncio.run(paper.run())
    paper.close("test")
    return paper


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
