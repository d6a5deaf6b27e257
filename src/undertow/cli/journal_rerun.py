"""A journal run again: the engine is built from what the first frame says and fed every input."""

import time
from pathlib import Path
from typing import Any

import msgspec

from undertow.cli.app_config import AppConfig
from undertow.domain.errors import JournalCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.engine.engine import Engine
from undertow.engine.rerun import Difference, Rerun
from undertow.live.paper_session import with_wallets
from undertow.storage.journal_files import JournalReader
from undertow.timeline.journal_record import RunStarted
from undertow.timeline.run_ids import RunIds


def rerun_journal(folder: Path) -> dict[str, Any]:
    """Run a journal again and compare; the result's "identical" is the answer.

    "cut_off": effects that were computed and never recorded, as after a kill: they were not sent.
    Raises `JournalCorrupt` for a damaged journal.
    """
    started = time.perf_counter()
    records = JournalReader(folder).records()
    first = next(records, None)
    if first is None or not isinstance(first.value, RunStarted):
        raise JournalCorrupt(f"expected a journal that begins with RUN_STARTED in {folder}")
    engine = engine_of(first.value)
    rerun = Rerun(engine)
    rerun.take(first)
    frames = 1
    for record in records:
        rerun.take(record)
        frames += 1
    return {
        "identical": rerun.difference is None,
        "difference": _words(rerun.difference),
        "frames": frames,
        "inputs": engine.memory.counters.rows + engine.memory.counters.inputs,
        "effects": rerun.effects,
        "cut_off": len(rerun.pending),
        "decisions": engine.memory.counters.decisions,
        "orders": engine.memory.counters.orders,
        "fills": engine.memory.counters.fills,
        "final_equity": engine.keeper.look(engine.now_ns).equity.text,
        "state_hash": engine.state_hash(),
        "elapsed_s": round(time.perf_counter() - started, 3),
    }


def engine_of(started: RunStarted) -> Engine:
    """An engine as the run had it; what it had learned comes from the journal's own state."""
    config = msgspec.json.decode(started.config, type=AppConfig)
    strategies = [entry.strategy() for entry in config.strategies]
    table = InstrumentTable(started.instruments)
    settings = config.engine
    if started.mode == "paper":
        settings = with_wallets(settings, table.venues)
    return Engine(settings, table, started.sources, strategies, RunIds(started.run))


def _words(difference: Difference | None) -> dict[str, Any] | None:
    return None if difference is None else msgspec.to_builtins(difference)
