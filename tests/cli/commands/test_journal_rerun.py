"""A journal run again, without the command around it."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from undertow.cli.journal_rerun import engine_of, rerun_journal
from undertow.domain.errors import DataError, JournalCorrupt, UnknownNameError
from undertow.storage.journal_files import JournalReader
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import RunStarted


@pytest.fixture
def journal(finished: tuple[Path, Any]) -> Path:
    return next((finished[0] / "journal").iterdir())


def _started(journal: Path) -> RunStarted:
    (first, *_) = JournalReader(journal).records(kinds=[FrameKind.RUN_STARTED])
    assert isinstance(first.value, RunStarted)
    return first.value


def test_the_engine_is_made_of_what_the_first_frame_says(journal: Path) -> None:
    started = _started(journal)
    engine = engine_of(started)
    assert tuple(engine.table) == started.instruments
    assert engine.sources == started.sources
    assert [one.strategy_id for one in engine.host.strategies] == list(started.strategies)
    assert engine.config.wallets == {"aster": {"USDT": "10000"}}
    assert engine.ids.run == started.run


def test_a_rerun_counts_what_it_did(journal: Path, finished: tuple[Path, Any]) -> None:
    result = rerun_journal(journal)
    records = list(JournalReader(journal).records())
    assert result["frames"] == len(records)
    kinds = (FrameKind.EVENT, FrameKind.COMMAND)
    assert result["effects"] == sum(record.kind in kinds for record in records)
    assert result["inputs"] == finished[1].json["inputs"]


def test_effects_that_were_never_recorded_are_counted_and_no_difference(
    journal: Path, tmp_path: Path
) -> None:
    shutil.copytree(journal, tmp_path / "cut")
    (path,) = (tmp_path / "cut").glob("*.journal")
    data = path.read_bytes()
    cut_off: list[int] = []
    # Where a cut falls between an input and its effects depends on the length of every frame.
    for percent in range(60, 99):
        path.write_bytes(data[: len(data) * percent // 100])
        result = rerun_journal(tmp_path / "cut")
        assert result["identical"] is True
        cut_off.append(result["cut_off"])
        if len(cut_off) >= 5 and max(cut_off) > 0:
            break
    assert max(cut_off) > 0


def test_a_strategy_that_is_gone_is_said(journal: Path) -> None:
    started = _started(journal)
    config = started.config.replace("flipper.py", "gone.py")
    with pytest.raises(UnknownNameError, match=r"gone\.py"):
        engine_of(msgspec.structs.replace(started, config=config))


def test_a_journal_must_begin_with_its_run(journal: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(JournalCorrupt, match="begins with RUN_STARTED"):
        rerun_journal(tmp_path / "empty")
    with pytest.raises(DataError, match="found nothing at"):
        rerun_journal(tmp_path / "nowhere")
