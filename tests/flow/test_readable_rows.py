"""Rows for kernels."""

import numpy as np
import pytest

from undertow.domain.errors import CallerError, MalformedMessage
from undertow.domain.market_event import EVENT
from undertow.flow.readable_rows import ROWS_AT_ONCE, readable_rows, trade_rows


def test_rows_are_contiguous_and_cannot_be_written() -> None:
    rows = np.zeros(10, EVENT)
    ready = readable_rows(rows[::2])
    assert ready.flags.c_contiguous
    assert not ready.flags.writeable
    assert rows.flags.writeable
    assert np.shares_memory(readable_rows(rows), rows)
    with pytest.raises(MalformedMessage, match="expected rows of"):
        readable_rows(np.zeros(3, np.dtype([("a", np.int64)])))


def test_columns_become_rows_in_pieces() -> None:
    count = ROWS_AT_ONCE + 5
    columns = np.arange(1, count + 1)
    parts = list(trade_rows(columns, columns * 2, columns * 3, np.ones(count)))
    assert [len(part) for part in parts] == [ROWS_AT_ONCE, 5]
    assert parts[1]["price_ticks"].tolist()[-1] == 2 * count
    assert parts[1]["event_time_ns"][0] == parts[1]["receive_time_ns"][0] == ROWS_AT_ONCE + 1
    assert set(parts[0]["kind"].tolist()) == {1}


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(CallerError, match="four columns of one length"):
        list(trade_rows([1, 2], [1, 2], [1], [1, 2]))
    with pytest.raises(CallerError, match="four columns of one length"):
        list(trade_rows(1, 1, 1, 1))
