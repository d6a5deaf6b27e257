import sqlite3
from pathlib import Path

import pytest

from undertow.domain.errors import CallerError, DataError
from undertow.storage.vault_register import Opening, VaultRegister


def test_sealed_opened_once_and_written_down(tmp_path: Path) -> None:
    with VaultRegister(tmp_path / "vaults.sqlite") as register:
        vault = register.seal("BTC 1m", 100, 200, at_ns=5)
        assert vault.is_sealed
        opened = register.open(vault.vault, "cross", "final judgement", at_ns=6)
        assert opened.openings == (Opening(6, "cross", "final judgement"),)
        assert not opened.is_sealed
    with VaultRegister(tmp_path / "vaults.sqlite") as register:
        again = register.open(vault.vault, "cross", "once more", at_ns=7)
        assert [look.at_ns for look in again.openings] == [6, 7]
        assert register.vaults("BTC 1m") == [again]
        assert register.vaults("ETH 1m") == []
        assert register.vaults() == [again]


def test_what_is_sealed_stays_as_it_was_sealed(tmp_path: Path) -> None:
    with VaultRegister(tmp_path / "v.sqlite") as register:
        register.seal("BTC 1m", 100, 200, at_ns=5)
        with pytest.raises(CallerError, match="found vault 1 from 100 to 200"):
            register.seal("BTC 1m", 199, 300, at_ns=6)
        assert register.seal("BTC 1m", 200, 300, at_ns=6).vault == 2
        assert register.seal("ETH 1m", 100, 200, at_ns=6).vault == 3


def test_an_empty_stretch_and_a_vault_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with VaultRegister(tmp_path / "v.sqlite") as register:
        with pytest.raises(CallerError, match="start < stop"):
            register.seal("BTC 1m", 200, 200, at_ns=5)
        with pytest.raises(DataError, match="FOREIGN KEY"):
            register.open(9, "cross", "nothing there", at_ns=5)
        assert register.vaults() == []


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM openings", "UPDATE openings SET at_ns = 1", "DELETE FROM vaults"],
)
def test_a_look_cannot_be_unmade(tmp_path: Path, statement: str) -> None:
    with VaultRegister(tmp_path / "v.sqlite") as register:
        register.open(register.seal("BTC 1m", 1, 2, at_ns=5).vault, "cross", "look", at_ns=6)
    connection = sqlite3.connect(tmp_path / "v.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="are never"):
        connection.execute(statement)
    connection.close()
