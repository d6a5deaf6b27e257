"""The trial ledger: nothing is forgotten, changed or counted twice."""

import multiprocessing
import sqlite3
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.storage.trial_ledger import Trial, TrialLedger, market_name

DAY_NS = 86_400 * 10**9


def _trial(fast: int = 12, *, start_day: int = 0, days: int = 3, family: str = "cross") -> Trial:
    return Trial(
        kind="backtest",
        family=family,
        market=market_name(["B@x", "A@x"], "1m"),
        parameters={"fast": fast, "average": "ema"},
        settings_digest="s",
        data_digest="d",
        start_ns=start_day * DAY_NS,
        stop_ns=(start_day + days) * DAY_NS,
        first_day=start_day,
        returns=np.arange(days) / 100.0,
    )


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    with TrialLedger(tmp_path / "deep" / "trials.sqlite") as ledger:
        assert ledger.add([_trial(12), _trial(13)], at_ns=5) == 2
        assert ledger.add([_trial(14)], at_ns=6) == 3
    with TrialLedger(tmp_path / "deep" / "trials.sqlite") as ledger:
        rows = ledger.rows("cross", "A@x,B@x 1m", (0, DAY_NS))
        assert [(row.sequence, row.at_ns, row.trial.parameters["fast"]) for row in rows] == [
            (1, 5, 12),
            (2, 5, 13),
            (3, 6, 14),
        ]
        assert rows[0].trial.returns.tolist() == [0.0, 0.01, 0.02]
        assert rows[0].trial.identity == _trial(12).identity
        assert ledger.count() == ledger.verify() == 3


def test_only_tries_on_overlapping_data_are_of_a_kind(tmp_path: Path) -> None:
    with TrialLedger(tmp_path / "t.sqlite") as ledger:
        ledger.add([_trial(1, start_day=0), _trial(2, start_day=3), _trial(3, family="other")], 1)
        found = ledger.rows("cross", "A@x,B@x 1m", (2 * DAY_NS, 3 * DAY_NS))
        assert [row.trial.parameters["fast"] for row in found] == [1]
        assert ledger.rows("cross", "A@x,B@x 5m", (0, 9 * DAY_NS)) == []
        assert ledger.families() == [("cross", "A@x,B@x 1m", 2), ("other", "A@x,B@x 1m", 1)]


def test_the_same_try_has_the_same_identity_and_any_other_has_not() -> None:
    assert _trial(12).identity == _trial(12).identity
    others = [
        _trial(13),
        _trial(12, start_day=1),
        msgspec.structs.replace(_trial(12), settings_digest="t"),
        msgspec.structs.replace(_trial(12), data_digest="e"),
    ]
    assert len({one.identity for one in (*others, _trial(12))}) == 5


@pytest.mark.parametrize(
    "statement", ["DELETE FROM trials WHERE sequence = 1", "UPDATE trials SET family = 'x'"]
)
def test_rows_can_be_neither_deleted_nor_changed(tmp_path: Path, statement: str) -> None:
    with TrialLedger(tmp_path / "t.sqlite") as ledger:
        ledger.add([_trial()], 1)
    connection = sqlite3.connect(tmp_path / "t.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="trials are never"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM trials WHERE sequence = 2",
        "DELETE FROM trials WHERE sequence = 1",
        "UPDATE trials SET family = 'other' WHERE sequence = 2",
        "UPDATE trials SET sequence = 9 WHERE sequence = 3",
    ],
)
def test_a_ledger_edited_with_other_tools_is_found_out(tmp_path: Path, statement: str) -> None:
    with TrialLedger(tmp_path / "t.sqlite") as ledger:
        ledger.add([_trial(1), _trial(2), _trial(3)], 1)
        assert ledger.verify() == 3
    connection = sqlite3.connect(tmp_path / "t.sqlite")
    connection.executescript("DROP TRIGGER trials_keep; DROP TRIGGER trials_stand;" + statement)
    connection.close()
    with TrialLedger(tmp_path / "t.sqlite") as ledger, pytest.raises(DataError, match="as it was"):
        ledger.verify()


def test_a_batch_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    broken = msgspec.structs.replace(_trial(2), returns=np.array([float("nan")]))
    with TrialLedger(tmp_path / "t.sqlite") as ledger:
        with pytest.raises(DataError, match="expected finite daily returns"):
            ledger.add([_trial(1), broken], 1)
        assert ledger.count() == 0
        assert ledger.add([_trial(1)], 1) == 1


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 40)
    with pytest.raises((DataError, StorageUnavailable)):
        TrialLedger(path)


def _add_many(path: str, first: int) -> None:
    with TrialLedger(Path(path)) as ledger:
        for i in range(20):
            ledger.add([_trial(first + i)], i)


def test_processes_add_at_once_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite"
    TrialLedger(path).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add_many, args=(str(path), 100 * i)) for i in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with TrialLedger(path) as ledger:
        assert ledger.verify() == 60
        rows = ledger.rows("cross", "A@x,B@x 1m", (0, DAY_NS))
        assert len({row.trial.parameters["fast"] for row in rows}) == 60
