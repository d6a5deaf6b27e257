"""A venue's list, kept and used: what it says wins, but data keeps its finer steps."""

from pathlib import Path

import msgspec
import pytest

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.storage.catalog.instrument_facts import InstrumentFacts


def test_kept_and_found_again(tmp_path: Path, table: InstrumentTable) -> None:
    facts = InstrumentFacts(tmp_path / "data")
    assert facts.put(table) == 3
    assert facts.put(table) == 0
    again = InstrumentFacts(tmp_path / "data")
    assert len(again) == 3
    assert again.find(table[1].instrument_id) == table[1]
    assert again.find("XRP/USDT@binance") is None


def test_data_is_completed(tmp_path: Path, table: InstrumentTable) -> None:
    facts = InstrumentFacts(tmp_path)
    known = msgspec.structs.replace(table[0], min_notional="5", max_leverage=125)
    facts.put([known])
    found = msgspec.structs.replace(table[0], price_step=Step(1, 2), qty_step=Step(1, 0))
    completed = facts.completed(found)
    assert (completed.min_notional, completed.max_leverage) == ("5", 125)
    assert (completed.price_step, completed.qty_step) == (Step(1, 2), Step(1, 3))
    assert facts.completed(table[1]) == table[1]


def test_a_garbled_list_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "instruments.json").write_text("{")
    with pytest.raises(DataError, match="expected instruments"):
        InstrumentFacts(tmp_path)
