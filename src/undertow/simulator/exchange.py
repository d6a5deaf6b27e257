"""One simulated venue: commands and market rows go in, reports come out with their times.

A pure function of its seed and of the two sequences it is given: how rows are cut into slices, and
how often `advance` is called, changes nothing.

Time here is the venue's. A market row happens there at its receive time less the feed latency; a
command arrives after the order latency; what the venue says is heard after the response latency.
Rows and commands are handled in that order; at the same instant rows come first, then commands in
the order in which they were sent.

A driver must pass every row that happens at the venue up to `until_ns` before or with the call that
names it; later rows may come along and wait. A report caused at venue time t is heard no earlier
than t + `response_min_ns`, so a trader that has been given everything up to T can be shown the
world up to T + `round_trip_min_ns` after `advance(rows, T + round_trip_min_ns - response_min_ns)`.
"""

from collections import deque
from collections.abc import Iterable

import numpy as np

from undertow.domain.command import Command
from undertow.domain.errors import CallerError
from undertow.domain.identity import StrategyId
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import BookLevel, BookUpdate, EventArray
from undertow.domain.money import Money
from undertow.domain.report import BalanceReported, PositionReported, Report
from undertow.domain.side import Side
from undertow.kernels.matching.venue_state import (
    WAKE_BAR,
    WAKE_BAR_OPEN,
    WAKE_FUNDING,
    WAKE_GUARD,
)
from undertow.simulator.bar_play import BarPlay, ClosedBar
from undertow.simulator.delivery import Delivery
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.exchange_state import ExchangeState, decode_state, encode_state
from undertow.simulator.forced_close import ForcedClose
from undertow.simulator.funding_timer import FundingTimer
from undertow.simulator.funds import Funds
from undertow.simulator.impact_model import OwnImpact
from undertow.simulator.inbox import FAR_NS, Inbox
from undertow.simulator.liquidation import Liquidation
from undertow.simulator.margin import Margin
from undertow.simulator.matcher import Matcher
from undertow.simulator.order_checks import OrderChecks
from undertow.simulator.order_entry import OrderEntry
from undertow.simulator.order_register import OrderRegister
from undertow.simulator.outbox import Outbox
from undertow.simulator.print_budget import PrintBudget
from undertow.simulator.print_clock import PrintClock
from undertow.simulator.seeded_stream import SeededStream
from undertow.simulator.taker_plan import TakerPlanner
from undertow.simulator.venue_account import VenueAccount
from undertow.simulator.venue_markets import VenueMarkets
from undertow.simulator.venue_order import VenueOrder
from undertow.timeline.snapshot import PartBytes

_SEED_BOUND = 1 << 63


class Exchange:
    """See the head of this module. `rng` is drawn from once, here, to seed the venue's streams."""

    def __init__(
        self,
        venue: str,
        table: InstrumentTable,
        config: ExchangeConfig,
        rng: np.random.Generator,
        balances: Iterable[Money],
    ) -> None:
        seeds = rng.integers(0, _SEED_BOUND, size=4).tolist()
        order_stream, response_stream, fault_stream, busy_stream = map(SeededStream, seeds)
        self.venue = venue
        self._table = table
        self._config = config
        self._markets = VenueMarkets(venue, table, config)
        self._account = VenueAccount(table, config, balances)
        self._register = OrderRegister(venue)
        self._inbox = Inbox(config.order_latency, order_stream)
        self._outbox = Outbox(
            config.response_latency,
            config.faults,
            config.timeout_ns,
            response_stream,
            fault_stream,
        )
        self._margin = Margin(table, config, self._account, self._register, self._markets)
        self._funding = FundingTimer(venue, table, config)
        self._impact = OwnImpact(
            {
                index: config.impact_of[instrument.symbol]
                for index, instrument in enumerate(table)
                if instrument.symbol in config.impact_of
            }
        )
        self._wire(busy_stream)
        self._feed_ns = config.feed_latency.floor_ns
        self._response_ns = config.response_latency.floor_ns
        self._rows: deque[EventArray] = deque()
        self._position = 0
        self._received_ns = -FAR_NS
        self._now_ns = -FAR_NS

    def _wire(self, busy_stream: SeededStream) -> None:
        budget = PrintBudget(self._markets)
        clock = PrintClock(self._markets, self._config)
        planner = TakerPlanner(self._markets, budget, self._config)
        funds = Funds(
            self._table,
            self._config,
            account=self._account,
            markets=self._markets,
            planner=planner,
            margin=self._margin,
        )
        self._matcher = Matcher(
            self.venue,
            self._table,
            account=self._account,
            register=self._register,
            markets=self._markets,
            planner=planner,
            funds=funds,
            clock=clock,
            budget=budget,
            impact=self._impact,
            outbox=self._outbox,
        )
        self._bars = BarPlay(
            self._config,
            self._markets,
            self._matcher,
            clock=clock,
            budget=budget,
            exposure=funds.exposure,
        )
        self._entry = OrderEntry(
            self.venue,
            faults=self._config.faults,
            stream=busy_stream,
            register=self._register,
            checks=OrderChecks(
                self.venue,
                self._table,
                self._config,
                markets=self._markets,
                planner=planner,
                funds=funds,
            ),
            matcher=self._matcher,
            outbox=self._outbox,
        )
        self._liquidation = Liquidation(
            self.venue,
            self._table,
            self._config,
            account=self._account,
            register=self._register,
            markets=self._markets,
            margin=self._margin,
            matcher=self._matcher,
            forced=self._forced_close(planner),
            outbox=self._outbox,
        )

    def _forced_close(self, planner: TakerPlanner) -> ForcedClose:
        return ForcedClose(
            self.venue,
            self._table,
            self._config,
            account=self._account,
            register=self._register,
            markets=self._markets,
            margin=self._margin,
            planner=planner,
            matcher=self._matcher,
            outbox=self._outbox,
        )

    @property
    def feed_latency_ns(self) -> int:
        """A row happened at the venue this long before we received it."""
        return self._feed_ns

    @property
    def response_min_ns(self) -> int:
        """The least time from an event at the venue to its report here."""
        return self._response_ns

    @property
    def round_trip_min_ns(self) -> int:
        """The least time from sending a command to hearing of it."""
        return self._config.order_latency.floor_ns + self._config.response_latency.floor_ns

    @property
    def is_idle(self) -> bool:
        """True when no command is under way, no order lives and no position of a derivative is
        open: until the next command arrives the venue has nothing to say.
        """
        return not (len(self._inbox) or self._register.has_live or self._account.open_indexes())

    @property
    def silent_until_ns(self) -> int:
        """Without another row or command nothing happens here before this time."""
        return min(self._inbox.next_arrival_ns, self._funding_ns())

    @property
    def late_commands(self) -> int:
        """Commands that would have arrived in the venue's past; a backtest must have none."""
        return self._inbox.late

    @property
    def bad_rows(self) -> int:
        """Bars that cannot be true, passed over so far."""
        return self._markets.bad_rows

    @property
    def liquidations(self) -> int:
        """Positions closed by force so far."""
        return self._register.count_of(StrategyId(self.venue))

    def submit(self, command: Command) -> None:
        """Send a command; it arrives after its `sent_ns` plus the order latency."""
        self._inbox.send(command, self._now_ns)

    def advance(self, events: EventArray, until_ns: int) -> list[Delivery]:
        """Handle rows and commands up to and including a venue time.

        events: rows that follow all rows given before, by receive time; rows of other venues are
        passed over. Returns what the venue said, in the order in which it was said; times of
        hearing do not decrease unless reports were lost or reordered by a fault. Raises
        `CallerError` for rows from before what has been handled already.
        """
        if len(events):
            self._append(events)
        while True:
            arrival_ns = self._inbox.next_arrival_ns
            funding_ns = self._funding_ns()
            self._run_rows(min(until_ns, arrival_ns, funding_ns))
            if funding_ns <= min(until_ns, arrival_ns):
                self._settle_planned(funding_ns)
                continue
            if arrival_ns > until_ns:
                return self._outbox.take()
            arrival = self._inbox.receive()
            self._now_ns = max(self._now_ns, arrival.arrival_ns)
            self._entry.on_command(arrival.command, arrival.arrival_ns)
            self._review(arrival.arrival_ns)

    def visible(self, events: EventArray) -> EventArray:
        """The rows of this venue's feed that got out: none from inside an outage."""
        seen = np.ones(len(events), np.bool_)
        at_ns = events["receive_time_ns"] - self.feed_latency_ns
        for outage in self._config.faults.outages:
            seen &= (at_ns < outage.start_ns) | (at_ns >= outage.stop_ns)
        return events if seen.all() else events[seen]

    def balances(self) -> tuple[Money, ...]:
        """Wallet balances by currency name."""
        return self._account.balances()

    def free(self, currency: str) -> Money:
        """What of a wallet neither orders nor positions need."""
        return Money(self._margin.free(currency), currency)

    def signed_lots(self, index: int) -> int:
        """Open position of a derivative, < 0 when short."""
        return self._account.signed_lots(index)

    def open_orders(self) -> tuple[VenueOrder, ...]:
        """Living orders, by instrument, oldest first. To be read only."""
        indexes = self._register.live_indexes()
        return tuple(order for index in indexes for order in self._register.live(index))

    def account_reports(self, at_ns: int) -> list[Report]:
        """The venue's answer to "what do I have": every balance and every open position."""
        balances: list[Report] = [
            BalanceReported(venue=self.venue, event_time_ns=at_ns, balance=balance)
            for balance in self._account.balances()
        ]
        return balances + [
            PositionReported(
                venue=self.venue,
                event_time_ns=at_ns,
                instrument_id=self._table[index].instrument_id,
                signed_lots=self._account.signed_lots(index),
            )
            for index in self._account.open_indexes()
        ]

    def book(self, index: int, at_ns: int, source: int = 0) -> BookUpdate:
        """The displayed book as a snapshot, for who must start anew after a gap or an outage."""
        book_id = self._markets.book_id(index)
        levels = [
            BookLevel(side, ticks, lots)
            for side in (Side.BUY, Side.SELL)
            for ticks, lots in self._markets.displayed(index, side)
        ]
        return BookUpdate(
            instrument=index,
            source=source,
            event_time_ns=at_ns,
            receive_time_ns=at_ns + self.feed_latency_ns,
            first_id=book_id,
            last_id=book_id,
            previous_id=book_id,
            is_snapshot=True,
            levels=tuple(levels),
        )

    def snapshot(self) -> bytes:
        """Everything, rows not handled yet included; taken between two calls of `advance`."""
        rows = [chunk[self._position if i == 0 else 0 :] for i, chunk in enumerate(self._rows)]
        return encode_state(
            ExchangeState(
                venue=self.venue,
                rows=b"".join(chunk.tobytes() for chunk in rows),
                received_ns=self._received_ns,
                now_ns=self._now_ns,
                inbox=self._inbox.dump(),
                outbox=self._outbox.dump(),
                busy=self._entry.dump(),
                register=self._register.dump(),
                account=self._account.dump(),
                markets=self._markets.dump(),
                impact=self._impact.dump(),
                funding_begun=self._funding.dump(),
            )
        )

    def restore(self, data: PartBytes) -> None:
        """Go back to a snapshot of an exchange of the same venue, table and configuration.

        Raises `SnapshotCorrupt` when it is of another.
        """
        state = decode_state(bytes(data), self.venue)
        self._inbox.load(state.inbox)
        self._outbox.load(state.outbox)
        self._entry.load(state.busy)
        self._register.load(state.register)
        self._account.load(state.account)
        self._markets.load(state.markets, self._register.by_ids(state.markets.resting_ids))
        self._impact.load(state.impact)
        self._funding.load(state.funding_begun)
        self._rows = deque([state.row_array()] if state.rows else [])
        self._position = 0
        self._received_ns = state.received_ns
        self._now_ns = state.now_ns

    def _append(self, events: EventArray) -> None:
        first_ns = int(events["receive_time_ns"][0])
        if first_ns < self._received_ns or first_ns - self.feed_latency_ns < self._now_ns:
            raise CallerError(
                f"expected rows received from {self._received_ns} on and not before the venue's "
                f"{self._now_ns}, found one received at {first_ns}"
            )
        self._received_ns = int(events["receive_time_ns"][-1])
        self._rows.append(events)
        self._funding.take(events, self.feed_latency_ns)

    def _run_rows(self, until_ns: int) -> None:
        while self._rows:
            rows = self._rows[0]
            self._position = self._markets.run(rows, self._position, until_ns)
            if self._position:
                row = rows[self._position - 1]
                at_ns = int(row["receive_time_ns"]) - self._feed_ns
                self._now_ns = max(self._now_ns, at_ns)
            if self._markets.wake or self._markets.has_hits:
                self._look(row, at_ns)
            elif self._position < len(rows):
                return
            if self._position == len(rows):
                self._rows.popleft()
                self._position = 0

    def _look(self, row: np.void, at_ns: int) -> None:
        # The loop stopped after this row.
        index = int(row["instrument"])
        wake = self._markets.wake
        self._matcher.on_hits(self._markets.hits(), at_ns)
        if wake == WAKE_BAR_OPEN:
            self._bars.on_open(index, at_ns)
        elif wake == WAKE_BAR:
            low, high, close = int(row["qty_b"]), int(row["price_b"]), int(row["price_ticks"])
            self._bars.on_bar(ClosedBar(index, low, high, close, at_ns))
            self._liquidation.review_worst(index, low, high, at_ns)
        self._review(at_ns)
        if wake == WAKE_FUNDING and not self._funding.has_plan(index, at_ns):
            mark_e8, rate_e12 = int(row["price_ticks"]), int(row["qty_b"])
            self._liquidation.settle_funding(index, mark_e8, rate_e12, at_ns)
        elif wake in (WAKE_GUARD, WAKE_BAR_OPEN):
            self._liquidation.review([self._table[index].settle], at_ns)

    def _funding_ns(self) -> int:
        # With nothing open and nothing ordered there is nobody to pay.
        if not (self._account.open_indexes() or self._register.has_live):
            return FAR_NS
        return self._funding.next_ns(self._now_ns)

    def _settle_planned(self, at_ns: int) -> None:
        self._now_ns = at_ns
        for index, rate_e12 in self._funding.due(at_ns):
            lots = self._account.signed_lots(index)
            if lots and self._funding.is_paid_out(index, lots, rate_e12):
                self._liquidation.settle_funding(index, 0, rate_e12, at_ns)

    def _review(self, at_ns: int) -> None:
        touched = self._matcher.take_touched()
        if touched:
            self._liquidation.review(touched, at_ns)
