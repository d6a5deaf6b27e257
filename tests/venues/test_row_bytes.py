import numpy as np

from undertow.domain.event_rows import to_array
from undertow.domain.market_event import EventKind, Quote, Trade
from undertow.domain.side import Side
from undertow.venues.row_bytes import ROW_BYTES, pack_head, row_tail, rows_from_bytes, unpack_head


def test_packed_rows_are_the_domains_rows() -> None:
    trade = Trade(7, 2, 100, 101, Side.SELL, 5, 9, 77)
    quote = Quote(65_534, 65_535, -1, 2**62, 1, 2, 3, 4, 5)
    packed = pack_head(100, 101, 5, 9, 0, 0, 77) + row_tail(7, 2, EventKind.TRADE, side=-1)
    packed += pack_head(-1, 2**62, 1, 2, 3, 4, 5) + row_tail(65_534, 65_535, EventKind.QUOTE)
    assert len(packed) == 2 * ROW_BYTES
    assert np.array_equal(rows_from_bytes(packed), to_array([trade, quote]))


def test_the_rows_do_not_share_the_bytes_and_can_be_written() -> None:
    packed = bytearray(pack_head(*range(7)) + row_tail(0, 0, EventKind.STATUS, flags=1))
    rows = rows_from_bytes(packed)
    packed.clear()
    rows["qty_lots"] += 1
    assert (rows[0]["qty_lots"], rows[0]["flags"]) == (4, 1)


def test_a_head_can_be_read_back() -> None:
    assert unpack_head(pack_head(*range(7)) + row_tail(1, 2, EventKind.GAP)) == tuple(range(7))


def test_no_bytes_are_no_rows() -> None:
    assert len(rows_from_bytes(b"")) == 0
