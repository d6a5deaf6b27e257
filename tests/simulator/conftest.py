"""A small venue, builders of its rows and orders, and the runner of scenario files."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.command import AmendOrder, CancelOrder, Command, QueryOrder, SubmitOrder
from undertow.domain.event_rows import to_array
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, InstrumentId, StrategyId
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import (
    EVENT,
    GAP_BOOK,
    BookLevel,
    BookUpdate,
    EventArray,
    EventKind,
    FundingPaid,
    MarketEvent,
    MarkPrice,
    Quote,
    SequenceGap,
    Trade,
)
from undertow.domain.money import Money
from undertow.domain.order import (
    Limit,
    Market,
    Order,
    Purpose,
    Terms,
    TimeInForce,
    Trigger,
    TriggerWhen,
)
from undertow.domain.report import OrderFilled, Report
from undertow.domain.side import Side
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.funds import Funds
from undertow.simulator.latency import ConstantLatency
from undertow.simulator.margin import Margin
from undertow.simulator.order_checks import OrderChecks
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.print_budget import PrintBudget
from undertow.simulator.slippage import Slippage
from undertow.simulator.taker_plan import TakerPlanner
from undertow.simulator.venue_account import VenueAccount
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder

MS = 1_000_000
VENUE = "aster"
SPOT, LINEAR, INVERSE, FOREIGN = 0, 1, 2, 3
KINDS = {"spot": SPOT, "linear": LINEAR, "inverse": INVERSE}
SCENARIOS = Path(__file__).parent / "scenarios"
NO_ROWS = np.empty(0, EVENT)


def instruments() -> InstrumentTable:
    """Whole prices and quantities; the inverse contract is worth 100 USD, the linear 1 coin."""
    one, fees = Step(1, 0), FeeSchedule(200, 500)
    perp: dict[str, Any] = {"fees": fees, "max_leverage": 10, "min_notional": "5"}
    return InstrumentTable(
        [
            Instrument("BTC/USDT", VENUE, "BTCUSDT", MarketKind.SPOT, "BTC", "USDT", "USDT",
                       one, one, fees=fees, min_notional="5"),
            Instrument("BTC/USDT:USDT", VENUE, "BTCP", MarketKind.LINEAR, "BTC", "USDT", "USDT",
                       one, one, **perp),
            Instrument("BTC/USD:BTC", VENUE, "BTCI", MarketKind.INVERSE, "BTC", "USD", "BTC",
                       one, one, contract_size=Step(100, 0), **perp),
            Instrument("BTC/USDT", "borea", "BTCUSDT", MarketKind.SPOT, "BTC", "USDT", "USDT",
                       one, one, fees=fees),
        ]
    )  # fmt: skip


class Rows:
    """Market rows of one instrument, a millisecond apart unless told otherwise."""

    def __init__(self, index: int = LINEAR) -> None:
        self._index = index
        self._last_id = 0

    def _at(self, ms: float) -> tuple[int, int, int, int]:
        return self._index, 0, int(ms * MS), int(ms * MS)

    def book(self, ms: float, bids: str, asks: str) -> BookUpdate:
        """A snapshot from texts such as "100x10 99x5", best first."""
        return self._update(ms, _levels(Side.BUY, bids) + _levels(Side.SELL, asks), first=True)

    def delta(self, ms: float, bids: str = "", asks: str = "") -> BookUpdate:
        """A change of the named levels."""
        return self._update(ms, _levels(Side.BUY, bids) + _levels(Side.SELL, asks), first=False)

    def _update(self, ms: float, levels: list[BookLevel], *, first: bool) -> BookUpdate:
        previous, self._last_id = self._last_id, self._last_id + 1
        ids = (self._last_id,) * 3 if first else (self._last_id, self._last_id, previous)
        return BookUpdate(*self._at(ms), *ids, first, tuple(levels))

    def trade(self, ms: float, side: Side, ticks: int, lots: int) -> Trade:
        """A stranger's trade."""
        return Trade(*self._at(ms), side, ticks, lots, 0)

    def quote(self, ms: float, bid: str, ask: str) -> Quote:
        """Best bid and ask."""
        return Quote(*self._at(ms), *_pair(bid), *_pair(ask))

    def mark(self, ms: float, price: float) -> MarkPrice:
        """A mark price."""
        return MarkPrice(*self._at(ms), round(price * 1e8), 0, 0, 0)

    def funding(self, ms: float, mark: float, rate: float) -> FundingPaid:
        """A funding settlement."""
        return FundingPaid(*self._at(ms), round(mark * 1e8), round(rate * 1e12))

    def bar_open(self, ms: float, ticks: int, length_s: int = 60) -> EventArray:
        """A bar begins."""
        return self._bar_row(ms, EventKind.BAR_OPEN, int(ms * MS), ticks, length_s, 0, 0)

    def bar(
        self, ms: float, high: int, low: int, close: int, lots: int, *, length_s: int = 60
    ) -> EventArray:
        """A bar is over at that time."""
        opened = int(ms * MS) - length_s * 1_000 * MS
        return self._bar_row(ms, EventKind.BAR, opened, close, lots, high, low)

    def _bar_row(self, ms: float, kind: EventKind, opened: int, *values: int) -> EventArray:
        index, source, at_ns, received_ns = self._at(ms)
        return np.array(
            [(at_ns, received_ns, *values, opened, index, source, kind, 0, 0)], dtype=EVENT
        )

    def gap(self, ms: float) -> SequenceGap:
        """The book stream jumped."""
        return SequenceGap(*self._at(ms), GAP_BOOK, 0, 0, 0)


def _pair(text: str) -> tuple[int, int]:
    ticks, lots = text.split("x")
    return int(ticks), int(lots)


def _levels(side: Side, text: str) -> list[BookLevel]:
    return [BookLevel(side, *_pair(word)) for word in text.split()]


def order(
    name: str, side: Side, lots: int, terms: Terms, *, index: int = LINEAR, reduce: bool = False
) -> Order:
    """An order of the test's trader."""
    return Order(
        client_order_id=ClientOrderId(name),
        instrument_id=instruments()[index].instrument_id,
        strategy=StrategyId("test"),
        side=side,
        qty_lots=lots,
        terms=terms,
        purpose=Purpose.ENTRY,
        is_reduce_only=reduce,
        decision_id="",
        created_ns=0,
    )


class Trader:
    """An exchange and a hand on it: commands and rows in, texts of reports out."""

    def __init__(self, config: ExchangeConfig, balances: list[Money], index: int = LINEAR) -> None:
        self.index = index
        self.table = instruments()
        self.rows = Rows(index)
        self.exchange = Exchange(
            VENUE, self.table, config, np.random.Generator(np.random.PCG64(1)), balances
        )

    def send(self, command: Command) -> None:
        """Submit a command."""
        self.exchange.submit(command)

    def submit(
        self, ms: float, name: str, side: Side, lots: int, terms: Terms, **more: bool
    ) -> None:
        """Submit an order."""
        made = order(name, side, lots, terms, index=self.index, **more)
        self.send(SubmitOrder(VENUE, made, int(ms * MS)))

    def feed(self, *events: MarketEvent | EventArray, until_ms: float | None = None) -> list[str]:
        """Pass rows and run up to the last of them, or to a time."""
        parts = [e if isinstance(e, np.ndarray) else to_array([e]) for e in events]
        rows: EventArray = np.concatenate(parts) if parts else NO_ROWS
        until = int(rows[-1]["receive_time_ns"]) if until_ms is None else int(until_ms * MS)
        return self.texts(rows, until + 10)

    def texts(self, rows: EventArray, until_ns: int) -> list[str]:
        """Reports of an advance, as texts."""
        return [report_text(d.report) for d in self.exchange.advance(rows, until_ns)]


def report_text(report: Report) -> str:
    """A report in a few words: kind, order, then its values without venue, time and ids."""
    fields = msgspec.structs.asdict(report)
    kind = report.__struct_config__.tag
    if isinstance(report, OrderFilled):
        price = f"{report.price_ticks}x{report.qty_lots}"
        return f"filled {report.client_order_id} {price} {report.liquidity} fee {report.fee}"
    hidden = {"venue", "event_time_ns", "venue_order_id", "reason"} - (
        {"reason"} if kind == "expired" else set()
    )
    words = [_word(value) for name, value in fields.items() if name not in hidden]
    return " ".join([str(kind), *words])


def _word(value: object) -> str:
    return getattr(value, "name", "").lower() or str(value)


def quick(**more: Any) -> ExchangeConfig:
    """A venue without latency to speak of: 1 ns each way, none on the feed."""
    given: dict[str, Any] = {
        "feed_latency": ConstantLatency(0),
        "order_latency": ConstantLatency(1),
        "response_latency": ConstantLatency(1),
        **more,
    }
    return ExchangeConfig(**given)


@pytest.fixture(scope="session")
def make_trader() -> Callable[..., Trader]:
    """Make a trader: `make_trader(index=SPOT, queue_model=...)`; 1,000,000 USDT and 1,000 BTC."""

    def make(index: int = LINEAR, balances: list[Money] | None = None, **config: Any) -> Trader:
        money = balances or [Money.of("1000000", "USDT"), Money.of("1000", "BTC")]
        return Trader(quick(**config), money, index)

    return make


@pytest.fixture(scope="session")
def table() -> InstrumentTable:
    return instruments()


class Scenario:
    """One scenario file: a head of settings, then inputs, each with the reports it caused.

    A line that starts with a number is an input at that millisecond; an indented `=` line below it
    is a report; blank lines and `#` comments are kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = path.read_text().splitlines()
        settings = dict(
            re.split(r" +", line, maxsplit=1) for line in self.lines if re.match("[a-z]", line)
        )
        index = KINDS[settings.get("instrument", "linear")]
        words = [word.split("=", 1) for word in settings.get("config", "").split()]
        given = {name: _setting(text) for name, text in words}
        config = msgspec.convert(given, ExchangeConfig, strict=False)
        config = quick(**{name: getattr(config, name) for name in given})
        wallets = settings.get("balance", "1000000 USDT, 1000 BTC").split(",")
        balances = [Money.of(*wallet.split()) for wallet in wallets]
        self.trader = Trader(config, balances, index)

    def run(self) -> Iterator[str]:
        """The file's lines as they should be: inputs as they are, reports as they came."""
        for line in self.lines:
            if re.match(r"\d", line):
                yield line
                yield from (f"    = {text}" for text in self._play(line))
            elif not line.startswith("    ="):
                yield line

    def _play(self, line: str) -> list[str]:
        time, verb, *words = line.split("#")[0].split()
        ms = float(time)
        if verb in ("submit", "cancel", "amend", "query"):
            self.trader.send(self._command(verb, int(ms * MS), words))
            return self.trader.feed(until_ms=ms)
        return self.trader.feed(self._event(verb, ms, words))

    def _command(self, verb: str, sent_ns: int, words: list[str]) -> Command:
        instrument_id: InstrumentId = self.trader.table[self.trader.index].instrument_id
        name = ClientOrderId(words[0])
        if verb == "cancel":
            return CancelOrder(VENUE, instrument_id, name, sent_ns)
        if verb == "query":
            return QueryOrder(VENUE, instrument_id, name, sent_ns)
        if verb == "amend":
            return AmendOrder(VENUE, instrument_id, name, int(words[1]), int(words[2]), sent_ns)
        side, lots = Side[words[1].upper()], int(words[2])
        is_reduce = "reduce" in words
        made = order(name, side, lots, _terms(words[3:]), index=self.trader.index, reduce=is_reduce)
        return SubmitOrder(VENUE, made, sent_ns)

    def _event(self, verb: str, ms: float, words: list[str]) -> MarketEvent | EventArray:
        rows = self.trader.rows
        sides = " ".join(words).split("/")
        match verb:
            case "book":
                return rows.book(ms, sides[0], sides[1])
            case "delta":
                return rows.delta(ms, sides[0], sides[1])
            case "quote":
                return rows.quote(ms, words[0], words[2])
            case "trade":
                return rows.trade(ms, Side[words[0].upper()], *_pair(words[1]))
            case "open":
                return rows.bar_open(ms, int(words[0]))
            case "bar":
                return rows.bar(ms, *map(int, words))
            case "mark":
                return rows.mark(ms, float(words[0]))
            case "funding":
                return rows.funding(ms, float(words[0]), float(words[1]))
        assert verb == "gap", f"expected an input, found {verb!r}"
        return rows.gap(ms)


def _terms(words: list[str]) -> Terms:
    kind = words[0]
    if kind in ("rises_to", "falls_to"):
        then = _terms(words[2:])
        assert not isinstance(then, Trigger), "a trigger releases a market or limit order"
        return Trigger(int(words[1]), TriggerWhen(kind), then)
    if kind == "market":
        return Market()
    lives = next((TimeInForce(word) for word in words if word in ("ioc", "fok")), TimeInForce.GTC)
    return Limit(int(words[1]), lives, "post_only" in words)


def _setting(text: str) -> Any:
    # "fixed:0" and "1/0/0" are models written short.
    if text.startswith("fixed:"):
        return {"type": "fixed", "half_ppm": int(text.removeprefix("fixed:"))}
    if text.count("/") == 2:
        return msgspec.to_builtins(Slippage(*map(int, text.split("/"))))
    return text


@pytest.fixture
def load_scenario() -> Callable[[str], Scenario]:
    return lambda name: Scenario(SCENARIOS / f"{name}.txt")


@pytest.fixture(scope="session")
def new_order() -> Callable[..., Order]:
    """Make an order: `new_order("a", Side.BUY, 2, Limit(100), index=SPOT, reduce=True)`."""
    return order


@pytest.fixture(scope="session")
def make_rows() -> type[Rows]:
    return Rows


@pytest.fixture(scope="session")
def say() -> Callable[[Report], str]:
    """The text of a report."""
    return report_text


class Desk:
    """The parts of a venue below the matcher, wired as the exchange wires them."""

    def __init__(self, table: InstrumentTable, config: ExchangeConfig, money: list[Money]) -> None:
        self.table = table
        self.config = config
        self.account = VenueAccount(table, config, money)
        self.register = OrderRegister(VENUE)
        self.markets = VenueMarkets(VENUE, table, config)
        self.margin = Margin(table, config, self.account, self.register, self.markets)
        self.planner = TakerPlanner(self.markets, PrintBudget(self.markets), config)
        self.funds = Funds(
            table, config, account=self.account, markets=self.markets,
            planner=self.planner, margin=self.margin,
        )  # fmt: skip
        self.checks = OrderChecks(
            VENUE, table, config, markets=self.markets, planner=self.planner, funds=self.funds
        )

    def see(self, *events: MarketEvent) -> None:
        """Apply rows to the markets."""
        rows = to_array(events)
        assert self.markets.run(rows, 0, 1 << 60) == len(rows)

    def rest(self, made: Order, index: int = LINEAR) -> VenueOrder:
        """Put an order at rest."""
        added = self.register.add(made, index)
        self.markets.rest(added)
        self.funds.set_aside(added)
        return added


@pytest.fixture(scope="session")
def make_desk() -> Callable[..., Desk]:
    """Make a desk: `make_desk("1000 USDT", table=..., leverage=5)`."""

    def make(*balances: str, table: InstrumentTable | None = None, **config: Any) -> Desk:
        money = [Money.of(*text.split()) for text in balances or ("1000 USDT", "10 BTC")]
        return Desk(table or instruments(), quick(**config), money)

    return make
