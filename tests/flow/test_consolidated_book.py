"""One book over venues against loops over levels."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, EventKind
from undertow.domain.side import Side
from undertow.flow.consolidated_book import Exclusion, consolidated_book
from undertow.flow.flow_state import FlowState

Make = Callable[..., Any]
START = 1_700_000_000 * 10**9
Level = tuple[int, int, int]


def snapshot(index: int, source: int, levels: list[Level]) -> Any:
    """Rows of a whole book of (side, ticks, lots)."""
    rows = np.zeros(len(levels) + 2, EVENT)
    rows["instrument"], rows["source"], rows["sequence"] = index, source, 1
    rows["event_time_ns"] = rows["receive_time_ns"] = START
    rows["kind"] = EventKind.BOOK_LEVEL
    rows["kind"][0], rows["kind"][-1] = EventKind.BOOK_BEGIN, EventKind.BOOK_END
    rows["qty_lots"][0], rows["flags"][0], rows["qty_b"][0] = len(levels), FLAG_SNAPSHOT, 1
    for row, (side, ticks, lots) in zip(rows[1:-1], levels, strict=True):
        row["side"], row["price_ticks"], row["qty_lots"] = side, ticks, lots
    return rows


BOOKS: list[list[Level]] = [
    [(1, 99_990, 500), (1, 99_950, 2000), (-1, 100_010, 300), (-1, 100_100, 4000)],
    [(1, 100_030, 700), (1, 99_900, 100), (-1, 100_040, 900), (-1, 100_300, 50)],
    [(1, 99_980, 40), (1, 99_000, 10), (-1, 100_000, 20), (-1, 100_020, 30)],
]


@pytest.fixture
def state(make_instrument: Make) -> FlowState:
    """Two linear venues that cross, an inverse one, and a linear one without a book."""
    kinds = [MarketKind.LINEAR, MarketKind.LINEAR, MarketKind.INVERSE, MarketKind.LINEAR]
    names = ["alpha", "beta", "gamma", "delta"]
    table = InstrumentTable([make_instrument(k, n) for k, n in zip(kinds, names, strict=True)])
    made = FlowState(table, names)
    for index, levels in enumerate(BOOKS):
        rows = snapshot(index, index, levels)
        made.advance(rows, 0, len(rows), 2**62)
    quote = np.zeros(1, EVENT)
    quote["instrument"] = quote["source"] = 3
    quote["kind"], quote["event_time_ns"], quote["receive_time_ns"] = EventKind.QUOTE, START, START
    quote["price_ticks"], quote["price_b"], quote["qty_lots"], quote["qty_b"] = 99_000, 99_010, 1, 1
    made.advance(quote, 0, 1, 2**62)
    return made


def worth(book: int, ticks: int, lots: int) -> tuple[float, float]:
    """Base coins and dollars of a level."""
    price = ticks * 0.1
    return (lots * 100.0 / price, lots * 100.0) if book == 2 else (lots * 1e-3, lots * 1e-3 * price)


def test_every_level_is_in_its_bucket_once(state: FlowState) -> None:
    found = consolidated_book(state.asset("BTC"), bucket_bps=5.0)
    mids = [100_000, 100_035, 99_990]
    assert found.price == pytest.approx(np.median(mids) * 0.1)
    assert found.bucket == pytest.approx(found.price * 5e-4)
    wanted = np.zeros((2, 2, 3, len(found.lows)))
    for k, levels in enumerate(BOOKS):
        for side, ticks, lots in levels:
            place = int(np.searchsorted(found.lows, ticks * 0.1 + 1e-9, "right")) - 1
            wanted[int(side < 0), :, k, place] += worth(k, ticks, lots)
    np.testing.assert_allclose(found.bid_base, wanted[0, 0])
    np.testing.assert_allclose(found.bid_usd, wanted[0, 1])
    np.testing.assert_allclose(found.ask_base, wanted[1, 0])
    np.testing.assert_allclose(found.ask_usd, wanted[1, 1])


def test_who_is_left_out_is_named(state: FlowState, make_instrument: Make) -> None:
    asset = state.asset("BTC")
    found = consolidated_book(asset)
    assert found.excluded == {"BTC/USDT:USDT@delta": Exclusion.NO_BOOK}
    state.set_source_health(1, is_healthy=False)
    found = consolidated_book(asset, kind=MarketKind.LINEAR)
    assert found.excluded["BTC/USDT:USDT@beta"] is Exclusion.UNHEALTHY
    assert [book.instrument_id for book in found.books] == ["BTC/USDT:USDT@alpha"]
    rows = snapshot(0, 0, [(1, 99_990, 5)])
    state.advance(rows, 0, len(rows), 2**62)
    assert consolidated_book(asset).excluded["BTC/USDT:USDT@alpha"] is Exclusion.ONE_SIDED


def test_a_quote_that_is_no_dollar_is_left_out(state: FlowState) -> None:
    asset = state.asset("BTC")
    asset._dollars = frozenset({"USD"})
    found = consolidated_book(asset)
    assert set(found.excluded.values()) == {Exclusion.FOREIGN}
    assert [book.instrument_id for book in found.books] == ["BTC/USD:BTC@gamma"]


def test_best_prices_and_crossings(state: FlowState) -> None:
    found = consolidated_book(state.asset("BTC"))
    assert (found.best_bid, found.best_ask) == pytest.approx((10_003.0, 10_000.0))
    (crossing,) = found.crossings()  # the inverse contract is of another kind
    assert crossing.bid_at.endswith("beta")
    assert crossing.ask_at.endswith("alpha")
    assert crossing.bps == pytest.approx(2.0 / 10_002.0 * 1e4)


def test_depth_is_around_each_venues_own_middle(state: FlowState) -> None:
    found = consolidated_book(state.asset("BTC"))
    for bps, (bid, ask) in found.depths().items():
        wanted = [0.0, 0.0]
        for k, levels in enumerate(BOOKS):
            middle = (levels[0][1] + levels[2][1]) / 2
            for side, ticks, lots in levels:
                if abs(ticks - middle) <= middle * bps * 1e-4:
                    wanted[int(side < 0)] += worth(k, ticks, lots)[1]
        assert (bid, ask) == pytest.approx(tuple(wanted))


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize("usd", [100.0, 9_000.0, 25_000.0, 1e9])
def test_a_sweep_takes_the_best_prices_of_all(side: Side, usd: float, state: FlowState) -> None:
    found = consolidated_book(state.asset("BTC")).sweep_cost(side, usd)
    offers = sorted(
        (int(side) * ticks, k, ticks, lots)
        for k, levels in enumerate(BOOKS)
        for level_side, ticks, lots in levels
        if level_side == -side
    )
    left, base = usd, 0.0
    for _, k, ticks, lots in offers:
        taken = min(left, worth(k, ticks, lots)[1])
        base += taken / (ticks * 0.1)
        left -= taken
    assert found.usd == pytest.approx(usd - left)
    assert found.price == pytest.approx((usd - left) / base)
    assert found.is_filled == (left == 0.0)
    assert sum(found.by_venue.values()) == pytest.approx(found.usd)
    assert found.cost_bps == pytest.approx(int(side) * (found.price / 10_000.0 - 1) * 1e4)


def test_without_a_book_everything_is_empty(make_state: Make) -> None:
    found = consolidated_book(make_state().asset("BTC"))
    assert isnan(found.price)
    assert isnan(found.best_bid)
    assert isnan(found.sweep_cost(Side.BUY, 1.0).price)
    assert found.depth_usd(10.0) == (0.0, 0.0)
    assert found.crossings() == ()
    assert set(found.excluded.values()) == {Exclusion.UNHEALTHY}


def test_senseless_numbers_are_refused(state: FlowState) -> None:
    asset = state.asset("BTC")
    for call in (
        lambda: consolidated_book(asset, bucket_bps=0.0),
        lambda: consolidated_book(asset, levels=0),
        lambda: consolidated_book(asset).sweep_cost(Side.BUY, 0.0),
        lambda: consolidated_book(asset).depth_usd(0.0),
    ):
        with pytest.raises(CallerError, match="above 0"):
            call()
