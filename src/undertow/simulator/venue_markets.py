"""The venue's markets: displayed books, last and mark prices, and our orders at rest in them.

A thin owner of the arrays that `kernels.matching` works on. Prices are ticks, quantities lots.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.domain.order import Trigger, TriggerWhen
from undertow.domain.side import Side
from undertow.kernels.matching import venue_state as codes
from undertow.kernels.matching.ladder import KEY, LEFT, TAKEN, best_left, plan_take, shown_at
from undertow.kernels.matching.match_rows import match_rows
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.queue_model import queue_code
from undertow.simulator.spread_model import EstimatedSpread
from undertow.simulator.valuation import tick_e8
from undertow.simulator.venue_order import VenueOrder

_FIDELITY = {
    Fidelity.BOOK: codes.FIDELITY_BOOK,
    Fidelity.QUOTES: codes.FIDELITY_QUOTES,
    Fidelity.TRADES: codes.FIDELITY_TRADES,
    Fidelity.BARS: codes.FIDELITY_BARS,
}
_RESTING_AT_FIRST = 16
_FAR_TICKS = 1 << 40


class MarketsState(msgspec.Struct, frozen=True):
    """What the markets remember: raw arrays, and of the ladders the levels in use."""

    markets: bytes
    levels: bytes
    resting: bytes
    resting_ids: list[str]


class Hit(msgspec.Struct, frozen=True):
    """Something happened to a resting order: it was filled by `lots`, its trigger released, or it
    waited for what came now (`what`: `HIT_*`).
    """

    order: VenueOrder
    lots: int
    what: int


class VenueMarkets:
    """State of every instrument of one venue; instruments of other venues are passed over."""

    def __init__(self, venue: str, table: InstrumentTable, config: ExchangeConfig) -> None:
        self._fidelity = _FIDELITY[config.fidelity]
        self._model = queue_code(config.queue_model)
        self._feed_ns = config.feed_latency.floor_ns
        self._half_spread = config.half_spread
        self._markets = np.zeros(len(table), codes.VENUE_MARKET)
        self._markets["guard_low_e8"] = codes.NO_GUARD_LOW
        self._markets["guard_high_e8"] = codes.NO_GUARD_HIGH
        self._markets["book"] = -1
        self._markets["second"] = -1
        self._markets["spread_e3"] = -1
        self._markets["wants_spread"] = isinstance(config.half_spread, EstimatedSpread)
        self._markets["share_ppm"] = config.participation_ppm
        self._markets["at_share_ppm"] = config.at_share_ppm
        self._markets["bar_open_ns"] = codes.NEVER_NS
        self._markets["bar_at_ns"] = codes.NEVER_NS
        self._markets["missed_ns"] = codes.NEVER_NS
        self._markets["eaten_bid"] = codes.NOT_EATEN
        self._markets["eaten_ask"] = codes.NOT_EATEN
        books = 0
        for index, instrument in enumerate(table):
            ratio = tick_e8(instrument)
            self._markets["tick_e8_numerator"][index] = ratio[0]
            self._markets["tick_e8_denominator"][index] = ratio[1]
            if instrument.venue == venue:
                self._markets["book"][index] = books
                books += 1
        self._views = [self._markets[index] for index in range(len(table))]
        self._ladders = np.zeros((2 * books, 4, config.ladder_levels), np.int64)
        self._plan = np.zeros((config.ladder_levels, 2), np.int64)
        self._resting = np.zeros(_RESTING_AT_FIRST, codes.RESTING)
        self._orders: list[VenueOrder] = []
        self._hits = np.zeros((_RESTING_AT_FIRST, 3), np.int64)
        self._wake = np.zeros(2, np.int64)

    def run(self, rows: EventArray, start: int, until_ns: int) -> int:
        """Apply rows from `start` up to a venue time, or to the first that needs a look.

        Returns the index of the first row not applied; `hits` and `wake` say why it stopped.
        """
        return match_rows(
            rows,
            start,
            until_ns + self._feed_ns,
            self._feed_ns,
            self._fidelity,
            self._model,
            len(self._orders),
            self._markets,
            self._ladders,
            self._resting,
            self._hits,
            self._wake,
        )

    @property
    def wake(self) -> int:
        """`WAKE_*` of the last run."""
        return int(self._wake[0])

    @property
    def bad_rows(self) -> int:
        """Rows that cannot be true, passed over so far."""
        return int(self._markets["bad_rows"].sum())

    @property
    def has_hits(self) -> bool:
        """True when the last run stopped at resting orders."""
        return bool(self._wake[1])

    def hits(self) -> list[Hit]:
        """What the last row did to resting orders: fills by price and time, waiting, releases."""
        found = []
        for place, lots, what in self._hits[: int(self._wake[1])].tolist():
            order = self._orders[place]
            is_fill = what == codes.HIT_FILL
            rank = 0 if is_fill else 1 if what == codes.HIT_WAITING else 2
            key = (rank, -order.side * order.price_ticks if is_fill else 0, place)
            found.append((key, Hit(order, lots, what)))
        return [hit for _, hit in sorted(found, key=lambda pair: pair[0])]

    def is_valid(self, index: int) -> bool:
        """True when there is a displayed book or quote to walk."""
        return bool(self._views[index]["is_valid"])

    def last_ticks(self, index: int) -> int:
        """Last trade price, 0 before the first trade."""
        return int(self._views[index]["last_ticks"])

    def last_side(self, index: int) -> int:
        """Aggressor of the last trade, 0 where a bar has hidden it."""
        return int(self._views[index]["last_side"])

    def range_ticks(self, index: int) -> int:
        """The wider of the present second's trade range and that of the last one with trades."""
        market = self._views[index]
        present = market["second_high"] - market["second_low"]
        return int(max(market["range_ticks"], present))

    def best(self, index: int, side: Side) -> int:
        """Best price with lots left on the bid (BUY) or ask (SELL) side, 0 when there is none."""
        ladder, count = self._side(index, side)
        level = best_left(ladder, count) if self.is_valid(index) else -1
        return int(side * ladder[KEY, level]) if level >= 0 else 0

    def touch(self, index: int, side: Side) -> int:
        """Best price of that side, by the book, or else by what the last trade implies; 0 unknown.

        A buyer's trade happened at the ask, so the bid is below it; mirrored for a seller's. Of a
        bar nobody knows: the price lies in the middle.
        """
        is_print = self._fidelity >= codes.FIDELITY_TRADES
        best = 0 if is_print else self.best(index, side)
        last = self.last_ticks(index)
        if best or not last:
            return best
        aggressor = int(self._views[index]["last_side"])
        if not is_print:
            return last if aggressor == -side else last - side
        half = self.half_spread_ticks(index)
        distance = 0 if aggressor == -side else 2 * half if aggressor else half
        return max(1, last - side * distance)

    def half_spread_ticks(self, index: int) -> int:
        """Half the assumed spread where no quotes are known, at the last price."""
        estimate = int(self._views[index]["spread_e3"])
        return self._half_spread.half_ticks(self.last_ticks(index), estimate)

    def mark_e8(self, index: int) -> int:
        """Mark price, else last trade price, else best price, in 1e-8; 0 when nothing is known."""
        market = self._views[index]
        mark_e8 = int(market["mark_e8"])
        if mark_e8:
            return mark_e8
        ticks = self.last_ticks(index) or self.best(index, Side.BUY) or self.best(index, Side.SELL)
        return int(ticks * market["tick_e8_numerator"] // market["tick_e8_denominator"])

    def mark_ticks(self, index: int) -> int:
        """The mark price in whole ticks, rounded down, at least 1."""
        market = self._views[index]
        scaled = self.mark_e8(index) * int(market["tick_e8_denominator"])
        return max(1, scaled // int(market["tick_e8_numerator"]))

    def ticks_beyond(self, index: int, signed_lots: int, mark_e8: int | None) -> int:
        """A mark as a price in whole ticks, rounded against the position, at least 1; without one
        (an inverse short that cannot lose so much) a price far away.
        """
        if mark_e8 is None:
            return _FAR_TICKS
        market = self._views[index]
        scaled, tick = mark_e8 * int(market["tick_e8_denominator"]), market["tick_e8_numerator"]
        ticks = scaled // int(tick) if signed_lots > 0 else -(-scaled // int(tick))
        return max(1, ticks)

    def set_guard(self, index: int, low_e8: int | None, high_e8: int | None) -> None:
        """Stop at marks at or beyond these; None for no bound."""
        low = codes.NO_GUARD_LOW if low_e8 is None else low_e8
        high = codes.NO_GUARD_HIGH if high_e8 is None else high_e8
        self._views[index]["guard_low_e8"] = max(codes.NO_GUARD_LOW, low)
        self._views[index]["guard_high_e8"] = min(codes.NO_GUARD_HIGH, high)

    def set_has_position(self, index: int, *, has_position: bool) -> None:
        """Funding rows and stand-in marks of the instrument concern us, or no longer."""
        self._views[index]["has_position"] = has_position

    def walk(
        self, index: int, side: Side, worst_ticks: int, lots: int
    ) -> list[tuple[int, int, int]]:
        """Opposite levels a taker of `lots` would meet up to a price: (ticks, lots, level)."""
        ladder, count = self._side(index, side.opposite)
        if not self.is_valid(index):
            return []
        found = plan_take(ladder, count, -side * worst_ticks, lots, self._plan)
        return [
            (int(-side * ladder[KEY, level]), part, level)
            for level, part in self._plan[:found].tolist()
        ]

    def take(self, index: int, side: Side, level: int, lots: int) -> None:
        """A taker of ours takes lots of an opposite level: they are gone until the feed says so."""
        ladder, _ = self._side(index, side.opposite)
        ladder[TAKEN, level] += lots
        ladder[LEFT, level] -= lots
        assert ladder[LEFT, level] >= 0, "displayed size is used once"

    def rest(self, order: VenueOrder, at_ns: int = 0, *, is_waiting: bool = False) -> None:
        """Put an order at rest: a limit order behind all displayed lots, a trigger until its price
        comes, a taker (`is_waiting`) until the next trade or open.
        """
        place = len(self._orders)
        if place == len(self._resting):
            self._resting = np.concatenate([self._resting, np.zeros_like(self._resting)])
            self._hits = np.zeros((len(self._resting), 3), np.int64)
        row = self._resting[place : place + 1]
        row[:] = np.zeros(1, codes.RESTING)
        row["instrument"] = order.index
        row["side"] = order.side
        row["ticks"] = order.price_ticks
        row["remaining"] = order.remaining
        row["entered_ns"] = at_ns
        if is_waiting:
            row["release"] = codes.RELEASE_WAITING
            self._markets["waiting"][order.index] += 1
        elif isinstance(order.terms, Trigger):
            rises = order.terms.when is TriggerWhen.RISES_TO
            row["release"] = 1 if rises else -1
            self._markets["triggers"][order.index] += 1
        else:
            ahead = self._displayed_ahead(order)
            row["ahead"] = max([ahead, *self._own_ahead(order)])
            row["shown"] = 0 if ahead == codes.AHEAD_UNKNOWN else ahead
            is_valid = self.is_valid(order.index)
            row["reflected_ns"] = self._markets["book_event_ns"][order.index] if is_valid else -1
            self._markets["limits"][order.index] += 1
        self._orders.append(order)

    def unrest(self, order: VenueOrder) -> None:
        """Take an order out of the market."""
        place = self._orders.index(order)
        count = len(self._orders)
        release = int(self._resting["release"][place])
        kind = "waiting" if release == codes.RELEASE_WAITING else "triggers"
        self._markets[kind if release else "limits"][order.index] -= 1
        self._resting[place : count - 1] = self._resting[place + 1 : count]
        del self._orders[place]

    def shrink(self, order: VenueOrder) -> None:
        """A resting order became smaller and keeps its place."""
        self._resting["remaining"][self._orders.index(order)] = order.remaining

    def is_resting(self, order: VenueOrder) -> bool:
        """True when the order is in the market."""
        return order in self._orders

    def crossing(self, index: int, side: Side, ticks: int) -> list[VenueOrder]:
        """Own resting limit orders that an order of ours on `side` at `ticks` would meet."""
        return [
            order
            for order, release in self._rows_of(index)
            if order.side is side.opposite
            and not release
            and side * (ticks - order.price_ticks) >= 0
        ]

    def market(self, index: int) -> np.void:
        """The record of an instrument, a view: who plays its bars reads and writes it."""
        record: np.void = self._views[index]
        return record

    def resting(self, index: int) -> list[tuple[VenueOrder, int]]:
        """Orders at rest of an instrument in order of arrival, each with the time it came to rest;
        takers that wait are not among them.
        """
        return [
            (order, int(self._resting["entered_ns"][place]))
            for place, order in enumerate(self._orders)
            if order.index == index and self._resting["release"][place] != codes.RELEASE_WAITING
        ]

    def waiting(self, index: int) -> list[VenueOrder]:
        """Takers that wait for the instrument's next open or trade, in order of arrival."""
        rows = self._rows_of(index)
        return [order for order, release in rows if release == codes.RELEASE_WAITING]

    def _rows_of(self, index: int) -> list[tuple[VenueOrder, int]]:
        releases = self._resting["release"]
        return [(o, int(releases[k])) for k, o in enumerate(self._orders) if o.index == index]

    def displayed(self, index: int, side: Side) -> list[tuple[int, int]]:
        """Displayed levels of a side, best first: (ticks, lots)."""
        ladder, count = self._side(index, side)
        levels = ladder[:2, :count][:, ::-1].T.tolist()
        return [(int(side * key), lots) for key, lots in levels]

    def book_id(self, index: int) -> int:
        """Update id of the displayed book."""
        return int(self._views[index]["book_id"])

    def dump(self) -> MarketsState:
        """Everything, for a snapshot."""
        used = [block[:, :count].tobytes() for block, count in self._blocks()]
        return MarketsState(
            markets=self._markets.tobytes(),
            levels=b"".join(used),
            resting=self._resting[: len(self._orders)].tobytes(),
            resting_ids=[order.client_order_id for order in self._orders],
        )

    def load(self, state: MarketsState, orders: Sequence[VenueOrder]) -> None:
        """Go back to a dump; `orders` are the resting ones, in the dump's order."""
        if len(state.markets) != self._markets.nbytes:
            raise SnapshotCorrupt(
                f"expected {len(self._markets)} instruments, "
                f"found {len(state.markets) // codes.VENUE_MARKET.itemsize}"
            )
        self._markets = np.frombuffer(state.markets, codes.VENUE_MARKET).copy()
        self._views = [self._markets[index] for index in range(len(self._markets))]
        levels = np.frombuffer(state.levels, np.int64)
        position = 0
        self._ladders[:] = 0
        for block, count in self._blocks():
            block[:, :count] = levels[position : position + 4 * count].reshape(4, count)
            position += 4 * count
        rows = np.frombuffer(state.resting, codes.RESTING)
        size = max(_RESTING_AT_FIRST, len(rows))
        self._resting = np.zeros(size, codes.RESTING)
        self._resting[: len(rows)] = rows
        self._hits = np.zeros((size, 3), np.int64)
        self._orders = list(orders)

    def _blocks(self) -> list[tuple[np.ndarray, int]]:
        # Each ladder with its number of levels; a quote side that is empty now still remembers
        # its last level, so one is kept at least.
        blocks = []
        for market in self._markets:
            if market["book"] >= 0:
                for offset, name in enumerate(("bid_count", "ask_count")):
                    block = self._ladders[2 * market["book"] + offset]
                    blocks.append((block, max(1, int(market[name]))))
        return blocks

    def _side(self, index: int, side: Side) -> tuple[np.ndarray, int]:
        market = self._views[index]
        if side is Side.BUY:
            return self._ladders[2 * market["book"]], int(market["bid_count"])
        return self._ladders[2 * market["book"] + 1], int(market["ask_count"])

    def _displayed_ahead(self, order: VenueOrder) -> int:
        ladder, count = self._side(order.index, order.side)
        shown = shown_at(ladder, count, order.side * order.price_ticks)
        if shown < 0 or not self.is_valid(order.index):
            return codes.AHEAD_UNKNOWN
        return shown

    def _own_ahead(self, order: VenueOrder) -> list[int]:
        # Nobody overtakes an own order that was there before: its queue is in front of ours too.
        rows = self._resting[: len(self._orders)]
        same = (
            (rows["instrument"] == order.index)
            & (rows["side"] == int(order.side))
            & (rows["ticks"] == order.price_ticks)
            & (rows["release"] == 0)
        )
        return [int(ahead) for ahead in rows["ahead"][same]]
