from undertow.domain.market_event import EVENT, EventKind


def test_a_row_is_one_cache_line() -> None:
    assert EVENT.itemsize == 64
    assert EVENT.alignment == 1 or EVENT.isalignedstruct or EVENT.itemsize % 8 == 0


def test_kinds_fit_their_column() -> None:
    assert len({kind.value for kind in EventKind}) == len(EventKind)
    assert max(EventKind) < 256
