"""A random market, quoters, and the same quoter run against the simulated exchange in Python.

The reference keeps the book in dicts and the orders in the exchange; it shares with the compiled
run only the quoter's own function and the layout of the desk.
"""

from collections.abc import Iterator

import numpy as np

from undertow.domain.command import AmendOrder, CancelOrder, Command, SubmitOrder
from undertow.domain.event_rows import to_array
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, StrategyId
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import (
    GAP_BOOK,
    BookLevel,
    BookUpdate,
    EventArray,
    EventKind,
    FundingPaid,
    MarketEvent,
    MarkPrice,
    SequenceGap,
    Trade,
)
from undertow.domain.money import Money
from undertow.domain.order import Limit, Liquidity, Market, Order, Purpose, Terms, TimeInForce
from undertow.domain.report import (
    AmendRejected,
    CancelRejected,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    Report,
)
from undertow.domain.side import Side
from undertow.kernels.compiled import compiled
from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting.desk import (
    SLOTS,
    amend,
    best_ask,
    best_bid,
    cancel,
    has_book,
    is_open,
    lots_at,
    order_lots,
    order_side,
    order_ticks,
    place,
    position,
    post,
    take,
    take_any,
)
from undertow.kernels.quoting.quoter import QuoterFunction, kernel
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig

MS = 1_000_000
T0 = 1_700_000_000_000_000_000
VENUE = "aster"
FAR_NS = 1 << 62

PERP = Instrument(
    "BTC/USDT:USDT", VENUE, "BTCUSDT", MarketKind.LINEAR, "BTC", "USDT", "USDT",
    Step.of("0.1"), Step.of("0.001"), fees=FeeSchedule(-50, 450), max_leverage=100,
)  # fmt: skip


class RandomMarket:
    """A book of a few levels around a wandering middle, with trades, gaps, marks and funding."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.book: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self.middle = 10_000
        self.at_ns = T0
        self.received_ns = T0
        self.book_id = 100

    def events(self, count: int) -> Iterator[MarketEvent]:
        """A snapshot, then `count` random events."""
        yield self.snapshot()
        for _ in range(count):
            self.at_ns += int(self.rng.integers(0, 4)) * MS
            self.received_ns = max(self.received_ns, self.at_ns + int(self.rng.integers(0, 3)) * MS)
            yield from self.one(self.rng.random())

    def one(self, chance: float) -> Iterator[MarketEvent]:
        """What happens next."""
        if chance < 0.55:
            yield self.delta()
        elif chance < 0.93:
            yield from self.trade()
        elif chance < 0.95:
            times = self.at_ns, self.received_ns
            yield MarkPrice(0, 0, *times, self.middle * 10_000_000, 0, 0, 0)
        elif chance < 0.97:
            yield FundingPaid(0, 0, self.at_ns, self.received_ns, self.middle * 10_000_000, 100)
        elif chance < 0.98:
            yield SequenceGap(
                0, 0, self.at_ns, self.received_ns, GAP_BOOK, self.book_id, self.book_id + 3, 2
            )
            yield self.delta()
            yield self.snapshot()
        else:
            self.middle += int(self.rng.integers(-400, 401))
            yield self.snapshot()

    def snapshot(self) -> BookUpdate:
        """A whole new book."""
        for side in (1, -1):
            self.book[side] = {
                self.middle - side * int(k): int(self.rng.integers(1, 30))
                for k in self.rng.choice(np.arange(1, 12), 7, replace=False)
            }
        self.book_id += 5
        levels = [(side, t, q) for side in (1, -1) for t, q in self.book[side].items()]
        return self.update(levels, self.book_id, is_snapshot=True)

    def delta(self) -> BookUpdate:
        """A few levels change; the middle may move."""
        if self.rng.random() < 0.3:
            self.middle += int(self.rng.integers(-2, 3))
        changes = []
        for _ in range(int(self.rng.integers(1, 5))):
            side = 1 if self.rng.random() < 0.5 else -1
            ticks = self.middle - side * int(self.rng.integers(0, 9))
            lots = int(self.rng.integers(0, 25)) if self.rng.random() < 0.75 else 0
            self.set(side, ticks, lots)
            changes.append((side, ticks, lots))
            if self.rng.random() < 0.9:
                for other in [t for t in self.book[-side] if side * (ticks - t) >= 0 and lots]:
                    self.set(-side, other, 0)
                    changes.append((-side, other, 0))
        previous, self.book_id = self.book_id, self.book_id + int(self.rng.integers(1, 4))
        return self.update(changes, previous, is_snapshot=False)

    def trade(self) -> Iterator[MarketEvent]:
        """Somebody takes, mostly at the touch; the book may say so at the same venue time."""
        side = Side.BUY if self.rng.random() < 0.5 else Side.SELL
        resting = self.book[-side]
        if not resting:
            return
        ticks = min(resting) if side > 0 else max(resting)
        ticks += int(side) * int(self.rng.choice([0, 0, 0, 0, 1, 3]))
        lots = int(self.rng.integers(1, 20))
        yield Trade(0, 0, self.at_ns, self.received_ns, side, ticks, lots, 7)
        if self.rng.random() < 0.7 and ticks in resting:
            left = max(0, resting[ticks] - lots)
            self.set(-side, ticks, left)
            previous, self.book_id = self.book_id, self.book_id + 1
            yield self.update([(-side, ticks, left)], previous, is_snapshot=False)

    def set(self, side: int, ticks: int, lots: int) -> None:
        """Change a level."""
        self.book[side].pop(ticks, None)
        if lots:
            self.book[side][ticks] = lots

    def update(
        self, levels: list[tuple[int, int, int]], previous: int, *, is_snapshot: bool
    ) -> BookUpdate:
        """The message."""
        given = tuple(BookLevel(Side(side), ticks, lots) for side, ticks, lots in levels)
        first = self.book_id if is_snapshot else previous + 1
        before = self.book_id if is_snapshot else previous
        times = self.at_ns, self.received_ns
        return BookUpdate(0, 0, *times, first, self.book_id, before, is_snapshot, given)


def random_rows(seed: int, count: int = 400) -> EventArray:
    """Rows of a random market."""
    return to_array(list(RandomMarket(seed).events(count)))


@compiled
def change_some(desk, what, offset, side):  # type: ignore[no-untyped-def]
    """Cancels or changes some of the orders."""
    count = 0
    for slot in range(SLOTS):
        if order_side(desk, slot) != 0:
            count += 1
            if what < 12 and count % 3 == offset % 3:
                cancel(desk, slot)
            elif what == 12 and is_open(desk, slot) and count % 2 == 0:
                amend(desk, slot, order_ticks(desk, slot) + side, order_lots(desk, slot))
            elif what == 13 and count % 2 == 1:
                amend(desk, slot, order_ticks(desk, slot), order_lots(desk, slot) - 1)


def restless_function(desk, now_ns, state):  # type: ignore[no-untyped-def]
    """Sends, changes and cancels orders of every kind by a small random number generator."""
    state[0] += 1
    seed = int(state[1]) * 1103515245 + 12345 + int(state[0])
    seed = seed % 2147483648
    state[1] = seed
    what = (seed // 65536) % 16
    side = 1 if (seed // 1024) % 2 == 0 else -1
    bid = best_bid(desk)
    ask = best_ask(desk)
    if not has_book(desk) or bid == 0 or ask == 0:
        return
    near = bid if side > 0 else ask
    far = ask if side > 0 else bid
    lots = 1 + (seed // 4096) % 9
    offset = (seed // 128) % 4
    if position(desk) * side > 200:
        side = -side
        near, far = far, near
    if what < 5:
        post(desk, side, near - side * offset, lots)
    elif what < 7:
        place(desk, side, near + side * offset, lots)
    elif what == 7:
        take(desk, side, far + side * offset, lots)
    elif what == 8:
        take_any(desk, side, lots + lots_at(desk, -side, far))
    else:
        change_some(desk, what, offset, side)  # type: ignore[no-untyped-call]


def quoting_function(desk, now_ns, state):  # type: ignore[no-untyped-def]
    """Two-sided, one tick behind the touch, at most so much inventory."""
    bid = best_bid(desk) - 1
    ask = best_ask(desk) + 1
    if bid < 1 or ask < 3:
        return
    may_buy = position(desk) < 60
    may_sell = position(desk) > -60
    has_bid = False
    has_ask = False
    for slot in range(SLOTS):
        side = order_side(desk, slot)
        if side > 0 and may_buy and order_ticks(desk, slot) == bid:
            has_bid = True
        elif side < 0 and may_sell and order_ticks(desk, slot) == ask:
            has_ask = True
        elif side != 0 and is_open(desk, slot):
            cancel(desk, slot)
    if may_buy and not has_bid:
        post(desk, 1, bid, 10)
    if may_sell and not has_ask:
        post(desk, -1, ask, 10)


restless = kernel(restless_function)
quoting = kernel(quoting_function)


class Reference:
    """A quoter's function in plain Python against the simulated exchange."""

    def __init__(
        self, function: QuoterFunction, config: ExchangeConfig, rows: EventArray, state_size: int
    ) -> None:
        self.function = function
        rng = np.random.default_rng(1)
        money = [Money.of("1000000000000", "USDT")]
        self.exchange = Exchange(VENUE, InstrumentTable([PERP]), config, rng, money)
        self.rows = rows
        self.desk = np.zeros(desks.LEVELS + 2 * (1 << 15), np.int64)
        self.desk[desks.WIDTH] = 1 << 15
        self.state = np.zeros(state_size)
        self.book: dict[int, dict[int, int]] = {1: {}, -1: {}}
        self.is_known = self.is_reading = self.is_first_delta = False
        self.book_id = 0
        self.heard: list[tuple[int, Report]] = []
        self.fills: list[tuple[int, int, int, int, int, bool]] = []
        self.slot_of: dict[int, int] = {}
        self.wakes = 0
        self.exchange.advance(rows, T0 - 10**12)

    def run(self, every_ns: int) -> None:
        """All rows; wakes on a grid, or at each new book."""
        end_ns = int(self.rows["receive_time_ns"][-1])
        place, due_ns = 0, -(-T0 // every_ns) * every_ns if every_ns else FAR_NS
        while place < len(self.rows):
            row = self.rows[place]
            if int(row["receive_time_ns"]) > due_ns:
                self.wake(due_ns, due_ns)
                due_ns += every_ns
                continue
            place += 1
            if self.see(row) and not every_ns:
                at_ns = int(row["receive_time_ns"])
                self.wake(at_ns, at_ns - 1)
        if due_ns <= end_ns:
            self.wake(due_ns, due_ns)
        self.listen(end_ns, end_ns)

    def wake(self, now_ns: int, heard_ns: int) -> None:
        self.wakes += 1
        self.listen(now_ns, heard_ns)
        self.show()
        self.function(self.desk, now_ns, self.state)
        for k in range(int(self.desk[desks.ASKED])):
            at = desks.ASKS + k * desks.ASK_SIZE
            self.exchange.submit(self.command(self.desk[at : at + 6].tolist(), now_ns))
        self.desk[desks.ASKED] = 0

    def listen(self, venue_ns: int, heard_ns: int) -> None:
        none = self.rows[:0]
        for delivery in self.exchange.advance(none, venue_ns):
            self.heard.append((delivery.receive_time_ns, delivery.report))
            if isinstance(delivery.report, OrderFilled):
                self.note_fill(delivery.report)
        while self.heard and self.heard[0][0] <= heard_ns:
            self.hear(self.heard.pop(0)[1])

    def note_fill(self, fill: OrderFilled) -> None:
        is_maker = fill.liquidity is Liquidity.MAKER
        number = int(fill.client_order_id[1:])
        self.fills.append(
            (fill.event_time_ns, number, int(fill.side), fill.price_ticks, fill.qty_lots, is_maker)
        )

    def hear(self, report: Report) -> None:
        number = int(getattr(report, "client_order_id", "q0")[1:])
        if number not in self.slot_of:
            return
        at = desks.ORDERS + self.slot_of[number] * desks.ORDER_SIZE
        is_its = int(self.desk[at]) == number
        match report:
            case OrderAccepted():
                self.desk[at + desks.STATE] = desks.OPEN
            case OrderFilled():
                self.desk[desks.POSITION] += int(report.side) * report.qty_lots
                self.desk[desks.CASH] -= int(report.side) * report.qty_lots * report.price_ticks
                self.desk[at + desks.FILLED] += report.qty_lots
                if self.desk[at + desks.FILLED] >= self.desk[at + desks.LOTS]:
                    self.desk[at + desks.STATE] = desks.FREE
            case OrderRejected() | OrderCanceled() | OrderExpired():
                self.desk[at + desks.STATE] = desks.FREE
            case CancelRejected() if is_its:
                self.desk[at + desks.IS_LEAVING] = 0
            case AmendRejected() if is_its:
                self.desk[at + desks.IS_CHANGING] = 0
            case OrderAmended() if is_its:
                self.desk[at + desks.IS_CHANGING] = 0
                self.desk[at + desks.TICKS] = report.price_ticks
                self.desk[at + desks.LOTS] = report.qty_lots
            case _:
                pass

    def command(self, asked: list[int], now_ns: int) -> Command:
        what, slot, number, how, ticks, lots = asked
        name = ClientOrderId(f"q{number}")
        if what == desks.CANCEL:
            return CancelOrder(VENUE, PERP.instrument_id, name, now_ns)
        if what == desks.AMEND:
            return AmendOrder(VENUE, PERP.instrument_id, name, ticks, lots, now_ns)
        self.slot_of[number] = slot
        terms: Terms = Market()
        if how != desks.MARKET:
            force = TimeInForce.IOC if how == desks.IOC else TimeInForce.GTC
            terms = Limit(ticks, force, how == desks.POST_ONLY)
        side = Side(int(self.desk[desks.ORDERS + slot * desks.ORDER_SIZE + desks.SIDE]))
        order = Order(
            name, PERP.instrument_id, StrategyId("q"), side, lots, terms, Purpose.ENTRY, False, "",
            now_ns,
        )  # fmt: skip
        return SubmitOrder(VENUE, order, now_ns)

    def see(self, row: np.void) -> bool:
        kind = int(row["kind"])
        if kind == EventKind.BOOK_BEGIN:
            self.begin(row)
        elif kind == EventKind.BOOK_LEVEL and self.is_reading:
            levels = self.book[int(row["side"])]
            levels.pop(int(row["price_ticks"]), None)
            if row["qty_lots"]:
                levels[int(row["price_ticks"])] = int(row["qty_lots"])
        elif kind == EventKind.BOOK_END and self.is_reading:
            self.is_reading = False
            self.is_known = True
            self.book_id = int(row["sequence"])
            return True
        elif kind == EventKind.GAP:
            self.is_known = False
            self.book = {1: {}, -1: {}}
        return False

    def begin(self, row: np.void) -> None:
        if row["flags"] & 1:
            self.book = {1: {}, -1: {}}
            self.is_reading = self.is_first_delta = True
            return
        previous, last = int(row["qty_b"]), int(row["sequence"])
        self.is_reading = False
        if not self.is_known or last <= self.book_id:
            return
        if previous == self.book_id or (self.is_first_delta and previous < self.book_id):
            self.is_reading, self.is_first_delta = True, False
        else:
            self.is_known = False
            self.book = {1: {}, -1: {}}

    def show(self) -> None:
        # The desk's book, made from the dicts: a window that begins at tick 0.
        width = 1 << 15
        self.desk[desks.LEVELS :] = 0
        for s, side in enumerate((1, -1)):
            at = desks.SIDES + s * desks.SIDE_SIZE
            places = []
            for ticks, lots in self.book[side].items():
                place = ticks if side > 0 else width - 1 - ticks
                places.append(place)
                self.desk[desks.LEVELS + s * width + place] = lots
            self.desk[at + desks.COUNT] = len(places)
            self.desk[at + desks.BEST] = max(places, default=0)
        bid, ask = best_bid(self.desk), best_ask(self.desk)
        is_valid = self.is_known and (not bid or not ask or bid <= ask)
        self.desk[desks.IS_VALID] = int(is_valid)
