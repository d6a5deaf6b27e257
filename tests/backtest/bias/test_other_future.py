"""Another future: the past is kept to the bit, what comes is other and still makes sense."""

import numpy as np
import pytest

from undertow.backtest.bias.other_future import OtherFuture
from undertow.backtest.honesty.zoo import market
from undertow.backtest.instrument_bars import read_bars
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.timeline.market_data import DataFidelity


def _rows(data: object) -> EventArray:
    return np.concatenate(list(data.blocks()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(4))
def test_rows_before_the_time_are_kept_and_later_bars_are_other_bars(seed: int) -> None:
    data = market()
    start_ns, stop_ns = data.span_ns
    at_ns = start_ns + (stop_ns - start_ns) // 3
    rows, other = _rows(data), _rows(OtherFuture(data, at_ns, seed))
    before = rows["receive_time_ns"] < at_ns
    np.testing.assert_array_equal(rows[before], other[before])
    np.testing.assert_array_equal(rows["receive_time_ns"], other["receive_time_ns"])
    bars, others = read_bars(data)[0].bars, read_bars(OtherFuture(data, at_ns, seed))[0].bars
    known = bars.close_time_ns + 5_000_000 < at_ns
    np.testing.assert_array_equal(bars.close[known], others.close[known])
    moved = np.abs(others.close / bars.close - 1)[~known]
    assert moved.min() > 0.005
    assert moved.max() < 0.06
    # The open of the bar that was open at the time was known: it stays.
    opened = int(np.argmax(~known))
    assert others.open[opened] == bars.open[opened]


def test_another_seed_is_another_future() -> None:
    data = market()
    at_ns = data.span_ns[0] + 100 * 60 * 10**9
    futures = [read_bars(OtherFuture(data, at_ns, seed))[0].bars.close for seed in range(3)]
    assert not np.array_equal(futures[0], futures[1])
    assert futures[1][-1] > futures[0][-1]
    again = read_bars(OtherFuture(data, at_ns, 0))[0].bars.close
    np.testing.assert_array_equal(futures[0], again)
    assert len({OtherFuture(data, at_ns, seed).digest for seed in range(3)}) == 3


class _Book:
    """Five updates of a book, a nanosecond apart."""

    fidelity = DataFidelity.L2
    digest = "book"
    sources = ("aster.linear",)
    notes = ()
    table = market().table
    span_ns = (1, 6)

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> list[EventArray]:
        rows = np.zeros(5, EVENT)
        rows["receive_time_ns"] = 1 + np.arange(5)
        rows["kind"] = EventKind.BOOK_LEVEL
        rows["price_ticks"], rows["qty_lots"] = 100, 7
        rows["sequence"] = np.arange(5)
        rows["qty_lots"][4] = 0
        return [rows]


def test_a_book_keeps_its_prices_and_changes_its_sizes() -> None:
    rows = _rows(OtherFuture(_Book(), 3, 1))  # type: ignore[arg-type]
    assert (rows["price_ticks"] == 100).all()
    assert rows["qty_lots"][:2].tolist() == [7, 7]
    assert rows["qty_lots"][4] == 0
    assert set(rows["qty_lots"][2:4].tolist()) <= {7, 14, 21, 28}
