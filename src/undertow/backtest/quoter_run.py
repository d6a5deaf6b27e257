"""The compiled face: a user's `@kernel` quoter over recorded books and trades.

One instrument of derivatives, limit and market orders, constant latencies, no margin. The venue is
the simulated exchange's, rule for rule (tests compare them fill by fill), in one compiled loop;
docs/strategy_faces.md says what this face cannot do.
"""

from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.quoter_memory import QuoterMemory
from undertow.domain.errors import CallerError, ConfigurationError, InvariantBroken
from undertow.domain.fixed import parse_scaled, power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import EVENT, EventArray
from undertow.domain.money import MONEY_DIGITS
from undertow.domain.time import NS_PER_S
from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting import quoter_loop
from undertow.kernels.quoting import venue_layout as layout
from undertow.kernels.quoting.quoter import Quoter
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.latency import ConstantLatency, Latency
from undertow.simulator.queue_model import queue_code
from undertow.simulator.valuation import lot_scale, tick_e8

_NO_ROWS = np.empty(0, EVENT)


class QuoterCounts(msgspec.Struct, frozen=True):
    """What happened. refused: orders by the reason of the refusal. far_levels: levels of the feed
    too far from the touch to be kept. full: wishes that found no free slot.
    """

    rows: int
    wakes: int
    orders: int
    cancels: int
    amends: int
    fills: int
    expired: int
    refused: dict[str, int]
    far_levels: int
    full: int


class QuoterRun:
    """A quoter on one instrument: `push` rows in order, then `finish`.

    quoter: made by `@kernel`. instrument, index: what is traded and its place in the rows.
    config: the venue's models; latencies must be constant and the fidelity a book's. every_ns: how
    often the quoter is woken, on a grid of whole multiples; 0 wakes it at each new book.
    first_wake_ns: of the grid, the first row's when absent. state_size: how many numbers the quoter
    keeps. mark_every_ns: step of the equity curve.
    """

    def __init__(
        self,
        quoter: Quoter,
        instrument: Instrument,
        config: ExchangeConfig | None = None,
        *,
        index: int = 0,
        every_ns: int = 0,
        first_wake_ns: int | None = None,
        state_size: int = 16,
        mark_every_ns: int = 60 * NS_PER_S,
    ) -> None:
        if every_ns < 0 or mark_every_ns < 1 or state_size < 0:
            raise ConfigurationError(
                "expected every_ns and state_size of at least 0 and mark_every_ns above 0, "
                f"found {every_ns}, {state_size} and {mark_every_ns}"
            )
        self.quoter = quoter
        self.instrument = instrument
        self.config = config or ExchangeConfig()
        self.mark_every_ns = mark_every_ns
        models = _models(instrument, self.config)
        models["wake_every_ns"], models["mark_every_ns"] = every_ns, mark_every_ns
        self._memory = QuoterMemory(models, index, state_size)
        self._feed_ns = int(models["feed_ns"][0])
        self._every_ns = every_ns
        self._first_wake_ns = first_wake_ns
        self._rows: EventArray = _NO_ROWS
        self._received_ns = -layout.NEVER_NS
        self._first_ns: int | None = None
        self._count = 0
        self._is_over = False

    @property
    def signed_lots(self) -> int:
        """The position at the venue."""
        return int(self._memory.venue["position"][0])

    @property
    def cash_tick_lots(self) -> int:
        """Ticks times lots got for sales less those paid, before fees, exact."""
        return int(self._memory.venue["cash"][0])

    @property
    def fills(self) -> NDArray[np.void]:
        """Fills in the order in which they happened, `venue_layout.FILL`."""
        return self._memory.fills[: int(self._memory.venue["fills"][0])]

    @property
    def fundings(self) -> NDArray[np.void]:
        """Settlements of funding on an open position, `venue_layout.FUNDING`."""
        return self._memory.fundings[: int(self._memory.venue["fundings"][0])]

    @property
    def marks(self) -> NDArray[np.void]:
        """Noted prices, `venue_layout.MARK`."""
        return self._memory.marks[: int(self._memory.counts[0])]

    @property
    def state(self) -> NDArray[np.float64]:
        """The quoter's own numbers."""
        return self._memory.state

    @property
    def touch(self) -> tuple[int, int]:
        """Best bid and ask displayed as the quoter last saw them, 0 for none."""
        desk = self._memory.desk
        return int(desks.best_bid(desk)), int(desks.best_ask(desk))

    @property
    def span_ns(self) -> tuple[int, int]:
        """Receive time of the first and the last row; (0, 0) before any."""
        return (0, 0) if self._first_ns is None else (self._first_ns, self._received_ns)

    @property
    def counts(self) -> QuoterCounts:
        """What happened so far."""
        venue, desk = self._memory.venue[0], self._memory.desk
        names = zip(layout.REFUSALS, self._memory.refusals.tolist(), strict=True)
        return QuoterCounts(
            rows=self._count,
            wakes=int(desk[desks.WAKES]),
            orders=int(venue["orders"]),
            cancels=int(venue["cancels"]),
            amends=int(venue["amends"]),
            fills=int(venue["fills"]),
            expired=int(venue["expired"]),
            refused={name: count for name, count in names if count},
            far_levels=int(venue["far_levels"]),
            full=int(desk[desks.FULL]),
        )

    def push(self, rows: EventArray) -> None:
        """Take rows that follow all given before, by receive time.

        However they are cut, the same happens. Raises `CallerError` for rows out of order.
        """
        if self._is_over:
            raise CallerError("expected no rows after the end, found some")
        if not len(rows):
            return
        first_ns = int(rows["receive_time_ns"][0])
        if first_ns < self._received_ns:
            raise CallerError(
                f"expected rows received from {self._received_ns} on, found one of {first_ns}"
            )
        if self._first_ns is None:
            self._begin(first_ns)
        self._received_ns = int(rows["receive_time_ns"][-1])
        self._count += len(rows)
        self._rows = np.concatenate([self._rows, rows]) if len(self._rows) else rows
        # What happens at the venue at a time is known once a later row is there.
        self._go_on(self._received_ns - self._feed_ns - 1)

    def push_all(self, blocks: Iterable[EventArray]) -> None:
        """Take all blocks, then finish."""
        for block in blocks:
            self.push(block)
        self.finish()

    def finish(self) -> None:
        """No more rows: run to the time of the last one."""
        if not self._is_over and self._first_ns is not None:
            self._go_on(self._received_ns)
        self._is_over = True

    def snapshot(self) -> bytes:
        """Everything between two pushes."""
        parts = (
            1, self._memory.dump(), self._rows.tobytes(), self._received_ns, self._first_ns,
            self._count, self._is_over,
        )  # fmt: skip
        return msgspec.msgpack.encode(parts)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot of a run of the same instrument and models.

        Raises `SnapshotCorrupt` when it is of another.
        """
        _, memory, rows, self._received_ns, self._first_ns, self._count, self._is_over = (
            msgspec.msgpack.decode(data)
        )
        self._memory.load(memory)
        self._rows = np.frombuffer(rows, EVENT).copy()

    def _begin(self, first_ns: int) -> None:
        self._first_ns = first_ns
        wake_ns = first_ns if self._first_wake_ns is None else self._first_wake_ns
        if self._every_ns:
            wake_ns = -(-wake_ns // self._every_ns) * self._every_ns
        self._memory.desk[desks.NEXT_WAKE_NS] = wake_ns

    def _go_on(self, until_ns: int) -> None:
        memory = self._memory
        while True:
            stop = quoter_loop.run_quoter(
                self._rows, until_ns, self.quoter.address, *memory.arguments()
            )
            if stop == layout.STOP_NONE:
                break
            if stop == layout.STOP_ROOM:
                memory.make_room()
            elif stop == quoter_loop.STOP_MARKS:
                memory.make_marks()
            elif stop == layout.STOP_WINDOW:
                memory.widen(int(self._rows["price_ticks"][int(memory.venue["row"][0])]))
            else:
                raise InvariantBroken(
                    f"expected fewer than {layout.RING} messages under way, found more"
                )
        seen = int(memory.desk[desks.ROW])
        self._rows = self._rows[seen:]
        memory.venue["row"] -= seen
        memory.desk[desks.ROW] = 0


def _models(instrument: Instrument, config: ExchangeConfig) -> NDArray[np.void]:
    if instrument.kind is MarketKind.SPOT:
        raise ConfigurationError(
            f"expected a derivative for a compiled quoter, found spot {instrument.instrument_id}"
        )
    if config.fidelity is not Fidelity.BOOK:
        raise ConfigurationError(f"expected fidelity book, found {config.fidelity.value}")
    row = np.zeros(1, layout.MODELS)
    row["feed_ns"] = config.feed_latency.floor_ns
    row["order_ns"] = _constant("order_latency", config.order_latency)
    row["response_ns"] = _constant("response_latency", config.response_latency)
    row["queue"] = queue_code(config.queue_model)
    row["band_ppm"], row["cap_ppm"] = config.limit_band_ppm, config.market_cap_ppm
    row["min_lots"], row["max_lots"] = instrument.min_lots, instrument.max_lots
    row["min_value"] = _least_value(instrument)
    row["is_inverse"] = instrument.kind is MarketKind.INVERSE
    row["tick_e8_numerator"], row["tick_e8_denominator"] = tick_e8(instrument)
    return row


def _constant(name: str, latency: Latency) -> int:
    if not isinstance(latency, ConstantLatency):
        raise ConfigurationError(f"expected a constant {name} for a quoter, found {latency}")
    return latency.latency_ns


def _least_value(instrument: Instrument) -> int:
    # min_notional as ticks times lots (inverse: lots), rounded up.
    least = parse_scaled(instrument.min_notional, MONEY_DIGITS)
    scale, digits = lot_scale(instrument)
    if instrument.kind is not MarketKind.INVERSE:
        scale *= instrument.price_step.coefficient
        digits += instrument.price_step.digits
    return -(-least * power_of_ten(digits) // (scale * power_of_ten(MONEY_DIGITS)))
