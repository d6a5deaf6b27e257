"""A plain twin of the whole flow state, random market rows, and ways to drive both."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, FLAG_SNAPSHOT, GAP_BOOK, EventArray, EventKind
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState

S = 1_000_000_000
START_S = 1_700_000_000
KINDS = (MarketKind.SPOT, MarketKind.LINEAR, MarketKind.INVERSE)
Wake = tuple[int, list[Any], list[Any]]


def instrument(kind: MarketKind, venue: str, asset: str = "BTC") -> Instrument:
    """An instrument with a tick of 0.1 and a lot of 0.001 coins or 100 dollars."""
    symbols = {
        MarketKind.SPOT: f"{asset}/USDT",
        MarketKind.LINEAR: f"{asset}/USDT:USDT",
        MarketKind.INVERSE: f"{asset}/USD:{asset}",
    }
    is_inverse = kind is MarketKind.INVERSE
    return Instrument(
        symbol=symbols[kind],
        venue=venue,
        raw_symbol="X",
        kind=kind,
        base=asset,
        quote="USD" if is_inverse else "USDT",
        settle=asset if is_inverse else "USDT",
        price_step=Step(1, 1),
        qty_step=Step(1, 0) if is_inverse else Step(1, 3),
        contract_size=Step(100, 0) if is_inverse else Step(1, 0),
    )


class PlainInstrument:
    """Everything about one instrument, the slow and obvious way."""

    def __init__(self, kind: MarketKind) -> None:
        self.kind = kind
        self.source: int | None = None
        self.closed_until = 0
        self.trades: dict[int, list[tuple[int, int, int, int, bool]]] = defaultdict(list)
        self.trade_ids: set[int] = set()
        self.untimely: list[tuple[int, int, int]] = []
        self.last = (0, 0)
        self.begun = False
        self.close = 0
        self.bars: dict[int, list[tuple[Any, ...]]] = {1: [], 60: [], 300: [], 900: []}
        self.flow: Counter[int] = Counter()
        self.book: list[dict[int, int]] | None = None
        self.book_id = 0
        self.is_fresh = False
        self.quote: tuple[int, int, int, int] | None = None
        self.best: tuple[str, tuple[int, int, int, int]] = ("nothing", (0, 0, 0, 0))
        self.counters: Counter[str] = Counter()

    def large_above(self) -> float:
        """10 times the average size of the last 300 closed seconds, infinite below 20 trades."""
        seconds = range(self.closed_until - 300, self.closed_until)
        sizes = [t[2] for s in seconds for t in self.trades.get(s, ())]
        return 10 * sum(sizes) / len(sizes) if len(sizes) >= 20 else float("inf")

    def serve(self) -> int:
        """Serve book or quote; returns the OFI."""
        name, new = "nothing", (0, 0, 0, 0)
        if self.book is not None:
            bid = max(self.book[0], default=0)
            ask = min(self.book[1], default=0)
            name, new = "book", (bid, self.book[0].get(bid, 0), ask, self.book[1].get(ask, 0))
        elif self.quote is not None:
            name, new = "quote", self.quote
        before, old = self.best
        self.best = (name, new)
        if before != name or not (new[0] and new[2] and old[0] and old[2]):
            return 0
        return (
            (new[0] >= old[0]) * new[1]
            - (new[0] <= old[0]) * old[1]
            - (new[2] <= old[2]) * new[3]
            + (new[2] >= old[2]) * old[3]
        )

    def lose_book(self) -> None:
        """The book is no longer valid."""
        if self.book is not None:
            self.book = None
            self.serve()

    def close_to(self, until: int) -> list[tuple[int, int, int]]:
        """Close the seconds before `until`: (close second, timeframe, place) of each bar."""
        closed = []
        for second in range(self.closed_until or until, until):
            trades = self.trades.get(second, [])
            self.begun = self.begun or bool(trades)
            if not self.begun:
                continue
            self.bars[1].append(plain_bar(second * S, trades, self.close))
            self.close = self.bars[1][-1][4]
            closed.append((second + 1, 1, len(self.bars[1]) - 1))
            for part, whole in ((1, 60), (60, 300), (300, 900)):
                if (second + 1) % whole:
                    break
                first = (second + 1 - whole) * S
                parts = [bar for bar in self.bars[part][-(whole // part) :] if bar[0] >= first]
                self.bars[whole].append(plain_merge(first, parts))
                closed.append((second + 1, whole, len(self.bars[whole]) - 1))
        self.closed_until = max(self.closed_until, until)
        return closed


def plain_bar(open_ns: int, trades: list[Any], close: int) -> tuple[Any, ...]:
    """A 1s bar of trades (event time, ticks, lots, side, large) in order of arrival."""
    if not trades:
        return (open_ns, close, close, close, close, 0, 0, 0, 0, 0.0)
    prices = [t[1] for t in trades]
    opened = min(trades, key=lambda t: t[0])[1]
    closed = max(reversed(trades), key=lambda t: t[0])[1]
    bought = [t[2] for t in trades if t[3] > 0]
    sold = [t[2] for t in trades if t[3] < 0]
    value = float(sum(t[1] * t[2] for t in trades))
    ohlc = (opened, max(prices), min(prices), closed)
    return (open_ns, *ohlc, sum(bought), sum(sold), len(bought), len(sold), value)


def plain_merge(open_ns: int, parts: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """One bar of several; flat ones give no price unless there is no other."""
    parts = [part for part in parts if part[7] + part[8]] or parts[:1]
    columns = list(zip(*parts, strict=True))
    ohlc = (columns[1][0], max(columns[2]), min(columns[3]), columns[4][-1])
    return (open_ns, *ohlc, *(sum(column) for column in columns[5:]))


class PlainSource:
    """Times and counts of one source."""

    def __init__(self) -> None:
        self.progress = 0
        self.closed = 0
        self.last_receive = 0
        self.window: list[int] = []
        self.minima: list[int] = []
        self.counters: Counter[str] = Counter()

    def offset(self) -> int:
        """Receive time less event time."""
        minima = sorted(self.minima[-31:]) or [min(self.window, default=0)]
        return minima[(len(minima) - 1) // 2]


class PlainFlow:
    """The rules of the flow state without any of its tricks (and without watches)."""

    def __init__(self, kinds: tuple[MarketKind, ...], sources: int, config: FlowConfig) -> None:
        self.config = config
        self.instruments = [PlainInstrument(kind) for kind in kinds]
        self.sources = [PlainSource() for _ in range(sources)]
        self.subscribed: set[tuple[int, int]] = set()
        self.now = 0
        self.swept = 0
        self.closed: list[tuple[int, int, int, int]] = []

    def run(self, rows: EventArray) -> list[Wake]:
        """Apply all rows; returns (rows applied, bars closed, touches) of each wake."""
        wakes: list[Wake] = []
        i = 0
        while i < len(rows):
            self.closed = []
            i += self.message(rows, i)
            bars = [
                (k, tf, self.instruments[k].bars[tf][n])
                for _, k, tf, n in sorted(self.closed)
                if (k, tf) in self.subscribed
            ]
            if bars:
                wakes.append((i, bars, []))
        return wakes

    def message(self, rows: EventArray, i: int) -> int:
        """Apply the message at row i; returns how many rows it has."""
        row = rows[i]
        count, is_torn = 1, False
        if row["kind"] == EventKind.BOOK_BEGIN:
            count, is_torn = update_length(rows, i)
        source = self.sources[int(row["source"])]
        source.counters["rows"] += count
        source.counters["messages"] += 1
        if is_torn:
            one = self.instruments[int(row["instrument"])]
            one.counters["torn_updates"] += 1
            one.lose_book()
            return count
        self.sweep(int(row["receive_time_ns"]))
        event = self.stamp(source, row)
        self.roll(source)
        self.adopt(int(row["instrument"]), int(row["source"]), int(row["kind"]))
        self.now = max(self.now, int(row["receive_time_ns"]))
        source.counters["misdated"] += event is None
        if row["kind"] != EventKind.STATUS:
            source.last_receive = max(source.last_receive, int(row["receive_time_ns"]))
        self.apply(rows[i : i + count], event)
        return count

    def stamp(self, source: PlainSource, row: np.void) -> int | None:
        """Event time to use; None = misdated."""
        event, receive = int(row["event_time_ns"]), int(row["receive_time_ns"])
        if event <= 0 or row["kind"] >= EventKind.GAP:
            return source.progress
        source.window.append(receive - event)
        if event > source.progress:
            floor = min(0, source.offset()) - self.config.most_lead_ns
            if source.minima and receive - event < floor:
                return None
            source.progress = event
        return event

    def sweep(self, receive: int) -> None:
        """Once a second: clock windows."""
        second = receive // S
        if second <= self.swept:
            return
        for source in self.sources:
            if second // 10 != self.swept // 10 and source.window:
                source.minima.append(min(source.window))
                source.window = []
        self.swept = second

    def roll(self, source: PlainSource) -> None:
        """Close what the watermark has passed."""
        if not source.progress:
            return
        target = (source.progress - self.config.lateness_ns) // S
        source.closed = max(source.closed, target)
        for k, one in enumerate(self.instruments):
            if one.source is not None and self.sources[one.source] is source:
                self.closed += [(s, k, tf, n) for s, tf, n in one.close_to(source.closed)]

    def adopt(self, k: int, s: int, kind: int) -> None:
        """Trades decide whose an instrument is; before them the first row does."""
        one = self.instruments[k]
        if one.source is None or (kind == EventKind.TRADE and one.source != s):
            closed = one.close_to(self.sources[s].closed)
            self.closed += [(second, k, tf, n) for second, tf, n in closed]
            one.source = s

    def apply(self, rows: EventArray, event: int | None) -> None:
        """What the message says."""
        row = rows[0]
        kind = EventKind(int(row["kind"]))
        one = self.instruments[int(row["instrument"])]
        source = self.sources[int(row["source"])]
        if kind is EventKind.TRADE:
            self.trade(one, source, row, event)
        elif kind is EventKind.QUOTE:
            bid, bid_lots, ask, ask_lots = rows[0].item()[2:6]
            one.quote = (bid, bid_lots, ask, ask_lots) if bid <= ask else None
            one.counters["crossed_quotes"] += bid > ask
            if one.book is None:
                self.add_flow(one, event, one.serve())
        elif kind is EventKind.GAP:
            source.counters["gaps"] += 1
            is_book = row["qty_b"] == GAP_BOOK
            one.counters["book_gaps" if is_book else "trade_gaps"] += 1
            if is_book:
                one.lose_book()
        elif kind is EventKind.BOOK_BEGIN:
            self.add_flow(one, event, self.update(one, source, rows))
        else:
            one.counters["refused_rows"] += 1

    def add_flow(self, one: PlainInstrument, event: int | None, flow: int) -> None:
        """Add OFI to its second, if that is open."""
        assert one.source is not None
        if event is not None:
            second = min(event, self.sources[one.source].progress) // S
            if second >= one.closed_until and flow:
                one.flow[second] += flow

    def trade(
        self, one: PlainInstrument, source: PlainSource, row: np.void, event: int | None
    ) -> None:
        """One trade."""
        ticks, lots, side = int(row["price_ticks"]), int(row["qty_lots"]), int(row["side"])
        if ticks <= 0 or lots <= 0 or abs(side) != 1:
            one.counters["refused_rows"] += 1
            return
        trade_id = int(row["sequence"])
        is_known = trade_id in one.trade_ids or trade_id < min(one.trade_ids, default=0)
        if trade_id and is_known:
            if not event or event <= one.last[0]:
                one.counters["repeated_trades"] += 1
                return
            one.counters["renumbered_trades"] += 1
            one.trade_ids = set()
        one.trade_ids.update({trade_id} - {0})
        source.counters["trades"] += 1
        if not event or event // S < one.closed_until:  # 0: nothing has a time yet
            one.untimely.append((ticks, lots, side))
            one.counters["late_trades"] += event is not None
            return
        if event >= one.last[0]:
            one.last = (event, ticks)
        one.trades[event // S].append((event, ticks, lots, side, lots > one.large_above()))

    def update(self, one: PlainInstrument, source: PlainSource, rows: EventArray) -> int:
        """One book update; returns the OFI."""
        begin = rows[0]
        one.counters["book_updates"] += 1
        is_snapshot = bool(begin["flags"] & FLAG_SNAPSHOT)
        last, previous = int(begin["sequence"]), int(begin["qty_b"])
        if not is_snapshot and not self.joins(one, source, last, previous):
            return 0
        book = [{}, {}] if is_snapshot or one.book is None else one.book
        one.is_fresh, one.book_id = is_snapshot, last
        levels = rows[1:-1][::-1] if is_snapshot else rows[1:-1]
        for side, ticks, lots in levels[["side", "price_ticks", "qty_lots"]].tolist():
            if lots < 0 or ticks <= 0 or abs(side) != 1:
                one.counters["refused_rows"] += 1
                one.book = book
                one.lose_book()
                return 0
            part = book[0 if side > 0 else 1]
            part[ticks] = lots
            if lots == 0:
                del part[ticks]
        one.book = book
        if book[0] and book[1] and max(book[0]) >= min(book[1]):
            one.counters["crossed_books"] += 1
            one.lose_book()
            return 0
        return one.serve()

    def joins(self, one: PlainInstrument, source: PlainSource, last: int, previous: int) -> bool:
        """Whether a delta is the next one."""
        if one.book is None:
            return False
        if last <= one.book_id:
            one.counters["stale_updates"] += 1
            return False
        if previous == one.book_id or (one.is_fresh and previous < one.book_id):
            return True
        one.counters["book_gaps"] += 1
        source.counters["gaps"] += 1
        one.lose_book()
        return False


def update_length(rows: EventArray, i: int) -> tuple[int, bool]:
    """Rows of the book update at row i, and whether it is torn."""
    wanted = int(rows[i]["qty_lots"])
    for j in range(1, wanted + 2):
        row = rows[i + j]
        kind = EventKind.BOOK_END if j == wanted + 1 else EventKind.BOOK_LEVEL
        is_ours = row["instrument"] == rows[i]["instrument"] and row["source"] == rows[i]["source"]
        if row["kind"] != kind or not is_ours:
            return j, True
    return wanted + 2, False


class RandomMarket:
    """Random rows of three instruments on two sources, with everything that goes wrong."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.rows: list[tuple[int, ...]] = []
        self.event = START_S * S
        self.book_ids = [10, 10, 10]
        self.trade_ids = [0, 0, 0]
        self.skipped: list[list[int]] = [[], [], []]
        self.traded: list[tuple[int, ...]] = []

    def make(self, messages: int) -> EventArray:
        """That many messages."""
        for _ in range(messages):
            self.event += int(
                self.rng.choice(
                    [2_000_000, 150_000_000, 4 * S, 80 * S, 1000 * S],
                    p=[0.5, 0.4, 0.07, 0.02, 0.01],
                )
            )
            self.message()
        if messages:  # an update without an end shows as torn only by what follows
            head = (self.event, self.event + 40_000_000, 100_000)
            self.rows.append((*head, 1, 0, 0, 0, 0, 0, EventKind.TRADE, 1, 0))
        return np.array(self.rows, EVENT)

    def message(self) -> None:
        """Append the rows of one message."""
        rng = self.rng
        k = int(rng.integers(3))
        s = 1 if k == 2 else 0
        if rng.random() < 0.02:
            s = 1 - s
        late = int(rng.choice([0, 300_000_000, 5 * S, -50 * S], p=[0.8, 0.15, 0.04, 0.01]))
        event = self.event - late
        receive = self.event + (40_000_000 if s == 0 else -1_200_000_000)
        if rng.random() < 0.02:
            event = 0
        self.price = 100_000 + int(rng.integers(-40, 41)) + (event // (60 * S)) % 50
        pick = rng.random()
        head = (event, receive)
        if pick < 0.6:
            lots = int(rng.choice([1, 7, 40, 9000, 0, -3], p=[0.4, 0.3, 0.25, 0.03, 0.01, 0.01]))
            side = int(rng.choice([1, -1, 0], p=[0.495, 0.495, 0.01]))
            body = (self.price, lots, 0, 0, self.trade_id(k), k, s, EventKind.TRADE, side, 0)
            self.traded = [*self.traded[-9:], (*head, *body)]
            self.rows.append((*head, *body))
            if rng.random() < 0.05:  # a trade of before, sent once more
                again = self.traded[int(rng.integers(len(self.traded)))]
                self.rows.append((again[0], receive, *again[2:]))
        elif pick < 0.75:
            bid, ask = self.price - int(rng.integers(-1, 9)), self.price + int(rng.integers(1, 9))
            sizes = rng.integers(1, 50, 2).tolist()
            quote = (bid, sizes[0], ask, sizes[1], 0)
            self.rows.append((*head, *quote, k, s, EventKind.QUOTE, 0, 0))
        elif pick < 0.77:
            stream = int(rng.integers(1, 3))
            self.rows.append((*head, 5, 1, 0, stream, 9, k, s, EventKind.GAP, 0, 0))
        else:
            self.update(k, s, head)

    def trade_id(self, k: int) -> int:
        """The venue's next id, sometimes none, after a hole, or out of a hole of before."""
        pick = self.rng.random()
        if pick < 0.03:
            return 0
        if pick < 0.06 and self.skipped[k]:
            return self.skipped[k].pop(0)
        if pick < 0.10:
            self.trade_ids[k] += 1
            self.skipped[k] = [*self.skipped[k][-2:], self.trade_ids[k]]
        self.trade_ids[k] += 1
        return self.trade_ids[k]

    def update(self, k: int, s: int, head: tuple[int, int]) -> None:
        """Append a snapshot or a delta, sometimes torn, refused, crossing or out of sequence."""
        rng = self.rng
        is_snapshot = rng.random() < 0.15
        before = self.book_ids[k]
        last = before + int(rng.integers(1, 4))
        previous = before + int(rng.choice([0, 2, -2], p=[0.94, 0.03, 0.03]))
        self.book_ids[k] = last
        if rng.random() < 0.03:
            last = previous - 1
        levels = []
        for _ in range(int(rng.integers(0, 25))):
            side = int(rng.choice([1, -1]))
            away = int(rng.choice([rng.integers(1, 5), rng.integers(5, 60)]))
            away = -45 if rng.random() < 0.002 else away
            lots = int(rng.choice([0, 3, 12, -1], p=[0.3, 0.35, 0.347, 0.003]))
            levels.append((100_025 - side * (40 + away), lots, side))
        tail = (last, k, s)
        flags = FLAG_SNAPSHOT if is_snapshot else 0
        begin = (*head, last, len(levels), 0, previous, *tail, EventKind.BOOK_BEGIN, 0, flags)
        self.rows.append(begin)
        self.rows += [
            (*head, ticks, lots, 0, 0, *tail, EventKind.BOOK_LEVEL, side, 0)
            for ticks, lots, side in levels
        ]
        if rng.random() > 0.01:
            self.rows.append((*head, 0, 0, 0, 0, *tail, EventKind.BOOK_END, 0, 0))


def drive(
    state: FlowState, rows: EventArray, cuts: list[int], *, restore_at: int = -1
) -> tuple[list[Wake], FlowState]:
    """Feed rows in batches that end at `cuts`; returns the wakes and the state.

    At the cut number `restore_at` the state is saved, and a fresh one restored goes on.
    """
    wakes: list[Wake] = []
    start = 0
    for number, stop in enumerate([*cuts, len(rows)]):
        while start < stop:
            start = state.advance(rows, start, stop, 2**62)
            if state.closed_bars() or state.touched():
                wakes.append((start, state.closed_bars(), state.touched()))
        if number == restore_at:
            saved = state.snapshot()
            names = [state.source(i).name for i in range(2)]
            state = FlowState(
                InstrumentTable(state[i].instrument for i in range(len(state))), names, state.config
            )
            state.restore(saved)
    return wakes, state


@pytest.fixture(scope="session")
def make_instrument() -> Callable[..., Instrument]:
    return instrument


@pytest.fixture(scope="session")
def make_state() -> Callable[..., FlowState]:
    def make(config: FlowConfig = FlowConfig()) -> FlowState:  # noqa: B008 - frozen
        table = InstrumentTable(
            [
                instrument(MarketKind.SPOT, "alpha"),
                instrument(MarketKind.LINEAR, "alpha"),
                instrument(MarketKind.INVERSE, "beta"),
            ]
        )
        return FlowState(table, ["alpha", "beta"], config)

    return make


@pytest.fixture(scope="session")
def make_twin() -> Callable[..., PlainFlow]:
    def make(config: FlowConfig = FlowConfig()) -> PlainFlow:  # noqa: B008 - frozen
        return PlainFlow(KINDS, 2, config)

    return make


@pytest.fixture(scope="session")
def random_rows() -> Callable[[int, int], EventArray]:
    return lambda seed, messages: RandomMarket(seed).make(messages)


@pytest.fixture(scope="session")
def run_in_batches() -> Callable[..., tuple[list[Wake], FlowState]]:
    return drive
