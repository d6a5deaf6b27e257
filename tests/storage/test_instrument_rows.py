import sqlite3

import msgspec
import pytest

from undertow.domain.errors import DataError
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.instrument_rows import InstrumentRows
from undertow.storage.state_schema import migrate


def test_a_later_run_replaces_and_every_reader_sees_it(table: InstrumentTable) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    rows = InstrumentRows(connection)
    rows.put(table)
    changed = msgspec.structs.replace(table[0], max_leverage=50)
    rows.put([changed])
    for reader in (rows, InstrumentRows(connection)):
        assert reader.get(changed.instrument_id) == changed
        assert reader.get(table[1].instrument_id) == table[1]


def test_an_unknown_one_is_refused_and_an_undone_one_forgotten(table: InstrumentTable) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    rows = InstrumentRows(connection)
    connection.execute("BEGIN")
    rows.put(table)
    connection.execute("ROLLBACK")
    rows.forget()
    assert rows.find(table[0].instrument_id) is None
    with pytest.raises(DataError, match="give the state database the RUN_STARTED frames"):
        rows.get(table[0].instrument_id)
