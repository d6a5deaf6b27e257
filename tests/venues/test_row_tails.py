from undertow.domain.market_event import FLAG_SNAPSHOT, EventKind
from undertow.venues.row_bytes import pack_head, rows_from_bytes
from undertow.venues.row_tails import RowTails

EXPECTED = {
    "buy": (EventKind.TRADE, 1, 0),
    "sell": (EventKind.TRADE, -1, 0),
    "quote": (EventKind.QUOTE, 0, 0),
    "mark": (EventKind.MARK_PRICE, 0, 0),
    "forced_buy": (EventKind.LIQUIDATION, 1, 0),
    "forced_sell": (EventKind.LIQUIDATION, -1, 0),
    "gap": (EventKind.GAP, 0, 0),
    "status": (EventKind.STATUS, 0, 0),
    "snapshot": (EventKind.BOOK_BEGIN, 0, FLAG_SNAPSHOT),
    "begin": (EventKind.BOOK_BEGIN, 0, 0),
    "bid": (EventKind.BOOK_LEVEL, 1, 0),
    "ask": (EventKind.BOOK_LEVEL, -1, 0),
    "end": (EventKind.BOOK_END, 0, 0),
}


def test_each_tail_says_its_kind_side_and_place() -> None:
    tails = RowTails(300, 4)
    assert set(EXPECTED) == set(RowTails.__slots__)
    for name, (kind, side, flags) in EXPECTED.items():
        row = rows_from_bytes(pack_head(*(0,) * 7) + getattr(tails, name))[0]
        found = [int(row[field]) for field in ("instrument", "source", "kind", "side", "flags")]
        assert found == [300, 4, kind, side, flags], name
