import subprocess
import sys
from pathlib import Path

import pytest

from undertow.domain.errors import DataError, StorageUnavailable
from undertow.storage.run_number import RunNumber

TAKE = """
import sys; from pathlib import Path; from undertow.storage.run_number import RunNumber
for _ in range(20): print(RunNumber(Path(sys.argv[1])).next_run())
"""


def test_grows_by_one_over_restarts(tmp_path: Path) -> None:
    numbers = [RunNumber(tmp_path / "run").next_run() for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert RunNumber(tmp_path / "run").last() == 3


def test_never_falls_behind_the_journal(tmp_path: Path) -> None:
    number = RunNumber(tmp_path / "run")
    assert number.next_run(at_least=7) == 8
    assert number.next_run(at_least=2) == 9


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    number = RunNumber(tmp_path / "run")
    number.next_run(at_least=6)
    data = (tmp_path / "run").read_bytes()
    for byte in range(len(data)):
        broken = bytearray(data)
        broken[byte] ^= 1
        (tmp_path / "run").write_bytes(broken)
        with pytest.raises(DataError, match="expected a run number"):
            number.next_run()


def test_no_number_without_a_disk(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        RunNumber(tmp_path / "gone" / "run").next_run()


def test_processes_that_start_together_get_different_numbers(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TAKE, str(tmp_path / "run")]
    environment = {"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    takers = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(3)]
    numbers = [int(one) for taker in takers for one in taker.communicate()[0].split()]
    assert sorted(numbers) == list(range(1, 61))
