from collections.abc import Callable, Sequence

from undertow.domain.market_event import EventArray, EventKind
from undertow.timeline.row_slice import RowSlice


def test_count(make_rows: Callable[[Sequence[EventKind], Sequence[int]], EventArray]) -> None:
    rows = make_rows([EventKind.TRADE] * 5, range(5))
    assert RowSlice(rows, 1, 4).count == 3
    assert RowSlice(rows, 2, 2).count == 0
