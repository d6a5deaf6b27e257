from undertow.domain.market_event import (
    EVENT,
    FLAG_SNAPSHOT,
    GAP_BOOK,
    STATUS_LOST,
    EventKind,
)
from undertow.kernels.matching import venue_state


def test_row_codes_are_those_of_the_domain() -> None:
    names = [name for name in dir(venue_state) if name.startswith("ROW_")]
    special = {"ROW_SNAPSHOT", "ROW_GAP_BOOK", "ROW_STATUS_LOST"}
    for name in set(names) - special:
        assert getattr(venue_state, name) == EventKind[name.removeprefix("ROW_")]
    assert venue_state.ROW_SNAPSHOT == FLAG_SNAPSHOT
    assert venue_state.ROW_GAP_BOOK == GAP_BOOK
    assert venue_state.ROW_STATUS_LOST == STATUS_LOST


def test_records_are_int64_throughout() -> None:
    for record in (venue_state.VENUE_MARKET, venue_state.RESTING):
        assert record.names is not None
        assert record.itemsize == 8 * len(record.names)
    assert EVENT.itemsize == 64


def test_unknown_queue_outlasts_any_trade() -> None:
    assert venue_state.AHEAD_UNKNOWN > 2**61
    assert venue_state.NOT_EATEN > 2**61
    assert venue_state.NO_GUARD_LOW < 0 < venue_state.NO_GUARD_HIGH
