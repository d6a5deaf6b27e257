"""One book over the venues of an asset: depth by price in the same units, and what a size costs.

Prices of members whose quote counts as a dollar share one grid, with buckets of a share of the
asset's price (the median of the members' middles). Quantities are base coins and dollars whatever
the contract is. Members that are not healthy, have no synced book or another quote are left out and
named with the reason: a venue that is missing must not look like one that is empty (VEN-21).
"""

from enum import StrEnum
from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import MarketKind
from undertow.domain.side import Side
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow

Floats = NDArray[np.float64]

DEPTHS_BPS = (10.0, 25.0, 50.0)


class Exclusion(StrEnum):
    """Why a member has no part in the book."""

    UNHEALTHY = "not healthy"
    FOREIGN = "quote is no dollar"
    NO_BOOK = "no synced book"
    ONE_SIDED = "book has one side"


class VenueBook(msgspec.Struct, frozen=True, eq=False):
    """One member's levels, the best first: prices in dollars, base coins and dollars resting."""

    instrument_id: str
    kind: MarketKind
    bid_prices: Floats
    bid_base: Floats
    ask_prices: Floats
    ask_base: Floats

    @property
    def best_bid(self) -> float:
        """Highest bid."""
        return float(self.bid_prices[0])

    @property
    def best_ask(self) -> float:
        """Lowest ask."""
        return float(self.ask_prices[0])

    @property
    def mid(self) -> float:
        """Middle of the best bid and ask."""
        return (self.best_bid + self.best_ask) / 2.0

    def depth_usd(self, bps: float) -> tuple[float, float]:
        """Dollars bid and offered within so many basis points of its own middle."""
        away = self.mid * bps * 1e-4
        is_bid = self.bid_prices >= self.mid - away
        is_ask = self.ask_prices <= self.mid + away
        bid = float(self.bid_prices[is_bid] @ self.bid_base[is_bid])
        return bid, float(self.ask_prices[is_ask] @ self.ask_base[is_ask])


class Crossing(msgspec.Struct, frozen=True, gc=False):
    """A bid of one venue above an ask of another of the same kind: buy at `ask_at`, sell at
    `bid_at`; bps of the middle of the two, before fees.
    """

    bid_at: str
    ask_at: str
    bps: float


class SweepCost(msgspec.Struct, frozen=True):
    """What taking a size over all venues costs, best prices first, before fees.

    usd: dollars filled (less than wanted when the books end). price: their mean, NaN for nothing.
    cost_bps: against the asset's price, positive = worse. by_venue: dollars at each.
    """

    side: Side
    usd: float
    price: float
    cost_bps: float
    by_venue: dict[str, float]
    is_filled: bool


class ConsolidatedBook(msgspec.Struct, frozen=True, eq=False):
    """Depth of V members in P buckets. price: median middle. lows (P,): lower edges, ascending.
    bid_base, bid_usd, ask_base, ask_usd: (V, P). excluded: ids and reasons.
    """

    asset: str
    price: float
    bucket: float
    lows: Floats
    books: tuple[VenueBook, ...]
    bid_base: Floats
    bid_usd: Floats
    ask_base: Floats
    ask_usd: Floats
    excluded: dict[str, Exclusion]

    @property
    def best_bid(self) -> float:
        """Highest bid of all; NaN without a member."""
        return max((book.best_bid for book in self.books), default=nan)

    @property
    def best_ask(self) -> float:
        """Lowest ask of all; NaN without a member."""
        return min((book.best_ask for book in self.books), default=nan)

    def depth_usd(self, bps: float) -> tuple[float, float]:
        """Dollars bid and offered within so many bps, each venue around its own middle."""
        if not bps > 0.0:
            raise CallerError(f"expected a distance above 0 bps, found {bps!r}")
        sides = [book.depth_usd(bps) for book in self.books]
        return sum((bid for bid, _ in sides), 0.0), sum((ask for _, ask in sides), 0.0)

    def depths(self) -> dict[float, tuple[float, float]]:
        """`depth_usd` at 10, 25 and 50 bps."""
        return {bps: self.depth_usd(bps) for bps in DEPTHS_BPS}

    def crossings(self) -> tuple[Crossing, ...]:
        """Venues of one kind whose books cross each other, the widest first."""
        found = [
            Crossing(
                high.instrument_id,
                low.instrument_id,
                (high.best_bid - low.best_ask) / (high.best_bid + low.best_ask) * 2e4,
            )
            for high in self.books
            for low in self.books
            if high.kind is low.kind and high.best_bid > low.best_ask
        ]
        return tuple(sorted(found, key=lambda one: (-one.bps, one.bid_at, one.ask_at)))

    def sweep_cost(self, side: Side, usd: float) -> SweepCost:
        """The cost of buying or selling for so many dollars at once over all venues."""
        if not usd > 0.0:
            raise CallerError(f"expected dollars above 0, found {usd!r}")
        columns = [_offers(book, side, k) for k, book in enumerate(self.books)]
        if not columns:
            return SweepCost(side, 0.0, nan, nan, {}, False)
        prices, base, venue = (np.concatenate(column) for column in zip(*columns, strict=True))
        order = np.lexsort((venue, int(side) * prices))
        prices, value, venue = prices[order], (prices * base)[order], venue[order]
        before = np.concatenate(([0.0], np.cumsum(value)[:-1]))
        taken = np.clip(usd - before, 0.0, value)
        filled = float(taken.sum())
        mean = filled / float((taken / prices).sum())
        shares = np.bincount(venue.astype(np.int64), taken, len(self.books)).tolist()
        return SweepCost(
            side=side,
            usd=filled,
            price=mean,
            cost_bps=int(side) * (mean / self.price - 1.0) * 1e4,
            by_venue={b.instrument_id: s for b, s in zip(self.books, shares, strict=True) if s},
            is_filled=filled >= usd * (1.0 - 1e-12),
        )


def consolidated_book(
    flow: AssetFlow, *, kind: MarketKind | None = None, bucket_bps: float = 1.0, levels: int = 500
) -> ConsolidatedBook:
    """The book of an asset's members, of one kind or of all, from the best `levels` of each side.

    Without a member the arrays are empty and the price is NaN."""
    if not bucket_bps > 0.0 or levels < 1:
        raise CallerError(f"expected bucket_bps and levels above 0, found {bucket_bps}, {levels}")
    foreign = frozenset(flow.not_in_dollars)
    excluded: dict[str, Exclusion] = {}
    books = []
    for member in flow.members:
        if kind is not None and member.instrument.kind is not kind:
            continue
        reason = _exclusion(member, foreign)
        if reason is None:
            books.append(_venue_book(member, levels))
        else:
            excluded[str(member.instrument.instrument_id)] = reason
    return _on_grid(flow.base, tuple(books), bucket_bps, excluded)


def _exclusion(member: InstrumentFlow, foreign: frozenset[str]) -> Exclusion | None:
    if member.instrument.instrument_id in foreign:
        return Exclusion.FOREIGN
    if not member.is_healthy:
        return Exclusion.UNHEALTHY
    if not member.has_book:
        return Exclusion.NO_BOOK
    return None if member.bid_ticks and member.ask_ticks else Exclusion.ONE_SIDED


def _venue_book(member: InstrumentFlow, levels: int) -> VenueBook:
    instrument = member.instrument
    step, size = instrument.qty_step, instrument.contract_size
    lot = step.coefficient * size.coefficient / power_of_ten(step.digits + size.digits)
    sides: list[Floats] = []
    for side in (Side.BUY, Side.SELL):
        rows = member.depth(side, levels)
        prices = rows[:, 0].astype(np.float64) * instrument.price_float(1)
        quantity = rows[:, 1].astype(np.float64) * lot
        sides += [prices, quantity / prices if member.is_inverse else quantity]
    return VenueBook(str(instrument.instrument_id), instrument.kind, *sides)


def _offers(book: VenueBook, side: Side, place: int) -> tuple[Floats, Floats, Floats]:
    # What a trade of `side` can take from a venue: prices, base coins, the venue's place.
    if side is Side.BUY:
        return book.ask_prices, book.ask_base, np.full(len(book.ask_prices), float(place))
    return book.bid_prices, book.bid_base, np.full(len(book.bid_prices), float(place))


def _on_grid(
    asset: str, books: tuple[VenueBook, ...], bucket_bps: float, excluded: dict[str, Exclusion]
) -> ConsolidatedBook:
    if not books:
        none = np.zeros((0, 0))
        return ConsolidatedBook(asset, nan, nan, np.zeros(0), (), none, none, none, none, excluded)
    price = float(np.median([book.mid for book in books]))
    bucket = price * bucket_bps * 1e-4
    first = int(min(book.bid_prices[-1] for book in books) // bucket)
    last = int(max(book.ask_prices[-1] for book in books) // bucket)
    grids = np.zeros((4, len(books), last - first + 1))
    for k, book in enumerate(books):
        for side, prices, base in (
            (0, book.bid_prices, book.bid_base),
            (2, book.ask_prices, book.ask_base),
        ):
            places = np.clip((prices // bucket).astype(np.int64) - first, 0, last - first)
            np.add.at(grids[side, k], places, base)
            np.add.at(grids[side + 1, k], places, base * prices)
    return ConsolidatedBook(
        asset=asset,
        price=price,
        bucket=bucket,
        lows=np.arange(first, last + 1).astype(np.float64) * bucket,
        books=books,
        bid_base=grids[0],
        bid_usd=grids[1],
        ask_base=grids[2],
        ask_usd=grids[3],
        excluded=excluded,
    )
