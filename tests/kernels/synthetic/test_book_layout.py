from undertow.domain.market_event import FLAG_SNAPSHOT, EventKind
from undertow.kernels.synthetic import book_layout as layout


def test_codes_are_those_of_the_domain() -> None:
    assert layout.KIND_TRADE == EventKind.TRADE
    assert layout.KIND_BEGIN == EventKind.BOOK_BEGIN
    assert layout.KIND_LEVEL == EventKind.BOOK_LEVEL
    assert layout.KIND_END == EventKind.BOOK_END
    assert layout.KIND_QUOTE == EventKind.QUOTE
    assert layout.KIND_LIQUIDATION == EventKind.LIQUIDATION
    assert layout.SNAPSHOT_FLAG == FLAG_SNAPSHOT


def test_columns_do_not_overlap() -> None:
    walls = [v for k, v in vars(layout).items() if k.startswith("WALL_") and k != "WALL_COLUMNS"]
    assert sorted(walls) == list(range(layout.WALL_COLUMNS))
    plans = [v for k, v in vars(layout).items() if k.startswith("PLAN_") and k != "PLAN_COLUMNS"]
    assert sorted(plans) == list(range(layout.PLAN_COLUMNS))
    assert [layout.SHOWN, layout.UPDATE_ID, layout.TRADE_ID] == [2, 4, 5]
