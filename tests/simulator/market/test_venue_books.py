import numpy as np
import pytest

from undertow.domain.market_event import EventArray, EventKind
from undertow.simulator.market.block_script import BlockScript
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.venue_books import VenueBooks

CONFIG = MarketConfig(assets=("BTC",))
LISTING = Listing(CONFIG)
ONE = np.ones(6)


@pytest.fixture
def books() -> VenueBooks:
    return VenueBooks(CONFIG, LISTING, np.array([1e-4]), np.random.default_rng(1))


def _run(books: VenueBooks, block: int, orders: int, price: float = 1.0) -> EventArray:
    script = BlockScript(LISTING, 10 * block, 10)
    mids = np.tile(price * LISTING.reference / LISTING.tick, (10, 1))
    counts = np.full((10, 6, 2), orders)
    rng = np.random.default_rng(block)
    return books.run(mids, counts, (ONE, ONE), script, rng)


def test_the_first_update_of_each_book_is_a_snapshot(books: VenueBooks) -> None:
    rows = _run(books, 0, 0)
    begins = rows[rows["kind"] == EventKind.BOOK_BEGIN]
    firsts = [begins[begins["instrument"] == i][0] for i in range(6)]
    assert [int(first["flags"]) for first in firsts] == [1] * 6
    assert [int(first["qty_lots"]) for first in firsts] == [40] * 6


def test_mids_follow_the_price(books: VenueBooks) -> None:
    _run(books, 0, 0)
    assert np.allclose(books.mid_ticks() / LISTING.reference * LISTING.tick, 1.0, atol=2e-5)
    _run(books, 1, 0, price=1.01)
    assert np.allclose(books.mid_ticks() / LISTING.reference * LISTING.tick, 1.01, atol=2e-5)


def test_orders_trade_on_both_sides(books: VenueBooks) -> None:
    _run(books, 0, 0)
    rows = _run(books, 1, 2)
    trades = rows[rows["kind"] == EventKind.TRADE]
    assert books.volume.min() > 0
    assert trades["qty_lots"].sum() == books.volume.sum()
    assert set(trades["side"].tolist()) == {1, -1}


def test_strain_tells_how_far_the_price_has_gone(books: VenueBooks) -> None:
    ticks = LISTING.reference / LISTING.tick
    assert not books.strain(ticks).any()
    _run(books, 0, 0)
    assert np.abs(books.strain(ticks)).max() < 1.0
    assert (books.strain(ticks * 1.001) > 5.0).all()


def test_stress_widens_and_thins() -> None:
    sizes, spreads = [], []
    for factor in (1.0, 4.0):
        books = VenueBooks(CONFIG, LISTING, np.array([1e-4]), np.random.default_rng(1))
        script = BlockScript(LISTING, 0, 10)
        mids = np.tile(LISTING.reference / LISTING.tick, (10, 1))
        none = np.zeros((10, 6, 2), dtype=np.int64)
        stress = (factor * ONE, ONE / factor)
        books.run(mids, none, stress, script, np.random.default_rng(2))
        sizes.append(books.book[:, :, :, 1].sum())
        spreads.append(books.book[:, 1, 0, 0] - books.book[:, 0, 0, 0])
    assert sizes[1] < 0.4 * sizes[0]
    assert (spreads[1] > 2 * spreads[0]).all()
