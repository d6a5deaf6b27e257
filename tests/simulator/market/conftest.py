"""Synthetic markets that several tests look at, and a listener that rebuilds their books."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.market_event import FLAG_SNAPSHOT, EventArray, EventKind
from undertow.simulator.market.fundamental import Fundamental
from undertow.simulator.market.ground_truth import GroundTruth
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.scene import Scene
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.simulator.market.venue_books import VenueBooks

Quotes = NDArray[np.int64]


class Run:
    """A market's first blocks: all rows, the truth, and mids by second (seconds, instruments)."""

    def __init__(self, config: MarketConfig, seed: int, blocks: int) -> None:
        self.market = SyntheticMarket(config, np.random.default_rng(seed))
        self.blocks = [self.market.next_block() for _ in range(blocks)]
        self.rows: EventArray = np.concatenate(self.blocks)
        self.truth: list[GroundTruth] = self.market.truth
        self.config = config

    def of(self, instrument: int, kind: EventKind) -> EventArray:
        """Rows of one kind of one instrument."""
        rows = self.rows
        return np.asarray(rows[(rows["instrument"] == instrument) & (rows["kind"] == kind)])

    def skew_ns(self, instrument: int) -> int:
        """What the clock of the instrument's venue is ahead."""
        venue = self.market.table[instrument].venue
        specs = {spec.name: spec.clock_skew_ns for spec in self.config.chosen_venues()}
        return specs[venue]

    def mids(self, instrument: int, every_s: int = 1) -> NDArray[np.float64]:
        """Log mid at the end of each stretch of `every_s` seconds."""
        quotes = listen(self.rows, instrument)
        first = self.config.start_ns
        ends = np.arange(first + 2 * 10**9, self.market.time_ns, every_s * 10**9)
        place = np.searchsorted(quotes[:, 0], ends, side="right") - 1
        return np.asarray(np.log(quotes[place, 1] + quotes[place, 2]))


def listen(rows: EventArray, instrument: int) -> Quotes:
    """Rebuild one book from its rows as a listener must: (event time, best bid, best ask) after
    each update. Asserts whole updates, consecutive ids, positive lots and never a crossed book.
    """
    own = rows[rows["instrument"] == instrument]
    own = own[np.isin(own["kind"], (2, 3, 4))]
    book: dict[int, dict[int, int]] = {1: {}, -1: {}}
    last = 0
    quotes = []
    i = 0
    while i < len(own):
        begin = own[i]
        count = int(begin["qty_lots"])
        levels = own[i + 1 : i + 1 + count]
        assert begin["kind"] == EventKind.BOOK_BEGIN
        assert (levels["kind"] == EventKind.BOOK_LEVEL).all()
        assert own[i + 1 + count]["kind"] == EventKind.BOOK_END
        last = _apply(book, begin, levels, last)
        best_bid, best_ask = max(book[1]), min(book[-1])
        assert best_bid < best_ask
        quotes.append((int(begin["event_time_ns"]), best_bid, best_ask))
        i += count + 2
    return np.array(quotes, dtype=np.int64)


def _apply(book: dict[int, dict[int, int]], begin: np.void, levels: EventArray, last: int) -> int:
    found = int(begin["sequence"])
    if begin["flags"] & FLAG_SNAPSHOT:
        book[1].clear()
        book[-1].clear()
        assert found == int(begin["qty_b"]) == int(begin["price_ticks"])
    else:
        assert int(begin["qty_b"]) == last
        assert int(begin["price_ticks"]) == last + 1
    assert (levels["sequence"] == found).all()
    sides, ticks, lots = (levels[n].tolist() for n in ("side", "price_ticks", "qty_lots"))
    for side, price, qty in zip(sides, ticks, lots, strict=True):
        if qty:
            book[side][price] = qty
        else:
            del book[side][price]
    assert all(min(lots.values()) > 0 for lots in book.values())
    return found


@pytest.fixture(scope="session")
def default_run() -> Run:
    """Ten minutes of the default market."""
    return Run(MarketConfig(), 11, 600)


@pytest.fixture(scope="session")
def quiet_run() -> Run:
    """An hour of two quiet assets."""
    return Run(MarketConfig(assets=("BTC", "ETH")).quiet(), 5, 3_600)


@pytest.fixture(scope="session")
def busy_run() -> Run:
    """Ten minutes of two assets with many patterns."""
    often = PatternRates(*(rate * 8 for rate in msgspec_values(PatternRates())))
    return Run(MarketConfig(assets=("BTC", "SOL"), patterns=often), 3, 600)


def msgspec_values(rates: PatternRates) -> list[float]:
    """The numbers of a struct, in field order."""
    return [getattr(rates, name) for name in rates.__struct_fields__]


@pytest.fixture(scope="session")
def start_run() -> Callable[[MarketConfig, int, int], Run]:
    """A maker of other runs: configuration, seed, blocks."""
    return Run


@pytest.fixture(scope="session")
def rebuild() -> Callable[[EventArray, int], Quotes]:
    """The listener."""
    return listen


@pytest.fixture
def listing() -> Listing:
    """Two assets on all venues."""
    return Listing(MarketConfig(assets=("BTC", "SOL")))


@pytest.fixture
def scene(listing: Listing) -> Scene:
    """A scene with plain books: 20 levels a side, 5 ticks apart, best 2 ticks from the mid."""
    config = MarketConfig(assets=("BTC", "SOL"))
    rng = np.random.default_rng(4)
    fundamental = Fundamental(config, listing, rng)
    books = VenueBooks(config, listing, fundamental.total_sigma, rng)
    mid = np.round(listing.reference / listing.tick).astype(np.int64)
    away = 2 + 5 * np.arange(20)
    books.book[:, 0, :, 0] = mid[:, None] - away
    books.book[:, 1, :, 0] = mid[:, None] + away
    books.book[:, :, :, 1] = 100
    return Scene(listing, fundamental.move_sigma, books.book, 50, rng)
