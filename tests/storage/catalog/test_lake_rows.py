"""Rows counted anew in finer steps: each kind's columns worked by hand."""

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventKind
from undertow.storage.catalog.lake_rows import in_steps


def test_only_prices_and_quantities_change(table: InstrumentTable) -> None:
    rows = np.zeros(5, EVENT)
    rows["kind"] = [1, 2, 3, 5, 6]
    for name in ("price_ticks", "qty_lots", "price_b", "qty_b", "sequence"):
        rows[name] = 7
    recorded = msgspec.structs.replace(table[0], price_step=Step(5, 1), qty_step=Step(1, 2))
    found = in_steps(rows, recorded, table[0])
    assert found["price_ticks"].tolist() == [35, 7, 35, 35, 7]
    assert found["qty_lots"].tolist() == [70, 7, 70, 70, 7]
    assert found["price_b"].tolist() == [7, 7, 7, 35, 7]
    assert found["qty_b"].tolist() == [7, 7, 7, 70, 7]
    assert set(found["sequence"].tolist()) == {7}
    assert rows["price_ticks"].tolist() == [7] * 5
    assert in_steps(rows, table[0], table[0]) is rows


def test_open_interest_is_a_quantity_and_coarser_steps_are_refused(table: InstrumentTable) -> None:
    rows = np.zeros(1, EVENT)
    rows["kind"], rows["qty_lots"] = EventKind.OPEN_INTEREST, 4
    finer = msgspec.structs.replace(table[0], qty_step=Step(1, 5))
    assert in_steps(rows, table[0], finer)["qty_lots"].tolist() == [400]
    with pytest.raises(DataError, match="expected a step that divides"):
        in_steps(rows, finer, table[0])
