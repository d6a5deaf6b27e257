"""What the desk remembers: orders, holdings, and doubts about instruments."""

import msgspec

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.identity import ClientOrderId, IdSource, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.order import OrderState, Purpose
from undertow.execution.execution_config import ExecutionConfig
from undertow.execution.holding import Holding
from undertow.execution.order_tracker import OrderTracker, ReportCounts
from undertow.execution.tracked_order import TrackedOrder
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact

_SNAPSHOT_VERSION = 1


class NetDoubt(msgspec.Struct, frozen=True, gc=False):
    """The venue holds `signed_lots` of an instrument by its own word, and we count otherwise.

    Fills that the venue made after `event_time_ns` move both counts. `is_known` False: something
    impossible happened, and the venue has not said what it holds. `is_told`: as a discrepancy.
    """

    signed_lots: int
    event_time_ns: int
    since_ns: int
    is_known: bool = True
    is_told: bool = False


class _Memory(msgspec.Struct, frozen=True):
    version: int
    orders: list[TrackedOrder]
    live: list[ClientOrderId]
    counts: ReportCounts
    holdings: list[Holding]
    doubts: dict[InstrumentId, NetDoubt]
    fill_times: dict[InstrumentId, int]
    liquidating: dict[InstrumentId, int]
    adopted: dict[str, bool]


_DECODER: ExactDecoder[_Memory] = ExactDecoder(_Memory)


class ExecutionState:
    """Orders and holdings of a run. doubts: instruments whose net position is not certain.

    fill_times: the venue's time of the newest fill by instrument. liquidating: lots that a venue
    announced to close by force. adopted: ids of fills that came from reconciliation.
    """

    def __init__(self, table: InstrumentTable, ids: IdSource, config: ExecutionConfig) -> None:
        self.table = table
        self.ids = ids
        self.config = config
        self.tracker = OrderTracker(config)
        self.holdings: dict[tuple[StrategyId, InstrumentId], Holding] = {}
        self.doubts: dict[InstrumentId, NetDoubt] = {}
        self.fill_times: dict[InstrumentId, int] = {}
        self.liquidating: dict[InstrumentId, int] = {}
        self.adopted: dict[str, bool] = {}

    def holding(self, strategy: StrategyId, instrument_id: InstrumentId) -> Holding:
        """The holding of a strategy in an instrument, a flat one when there is none yet."""
        key = (strategy, instrument_id)
        held = self.holdings.get(key)
        if held is None:
            held = self.holdings[key] = Holding(strategy=strategy, instrument_id=instrument_id)
        return held

    def instrument(self, held: Holding) -> Instrument:
        """What is held."""
        return self.table.get(held.instrument_id)

    def orders(self, held: Holding) -> list[TrackedOrder]:
        """Orders of a holding that have not ended."""
        return self.tracker.of(held.strategy, held.instrument_id)

    def closing_lots(self, held: Holding) -> int:
        """Lots that orders under way may close, those of unknown state included."""
        return sum(t.remaining_lots for t in self.orders(held) if t.is_exit)

    def net_lots(self, instrument_id: InstrumentId) -> int:
        """What the venue should hold: the sum over all strategies."""
        return sum(
            held.signed_lots for (_, name), held in self.holdings.items() if name == instrument_id
        )

    def opposed(self, held: Holding) -> list[Holding]:
        """Holdings of the same instrument on the other side, by name of the strategy."""
        against = [
            other
            for (_, name), other in self.holdings.items()
            if name == held.instrument_id and other.signed_lots * held.signed_lots < 0
        ]
        return sorted(against, key=lambda other: other.strategy)

    def others_hold(self, held: Holding) -> bool:
        """True when another strategy holds the same instrument."""
        return any(
            other.is_open and other is not held
            for (_, name), other in self.holdings.items()
            if name == held.instrument_id
        )

    def blocked(self) -> frozenset[InstrumentId]:
        """Instruments that take no new risk: an order or the net position is not certain."""
        unknown = [t.instrument_id for t in self.tracker if t.state is OrderState.UNKNOWN]
        return frozenset((*unknown, *self.doubts))

    def entries(self) -> list[TrackedOrder]:
        """Entry orders that have not ended."""
        return [t for t in self.tracker if t.purpose is Purpose.ENTRY and not t.is_ended]

    def tidy(self, held: Holding) -> None:
        """Forget a flat holding without orders."""
        if not held.is_open and held.reversal is None and not self.orders(held):
            self.holdings.pop((held.strategy, held.instrument_id), None)

    def snapshot(self) -> bytes:
        """Everything."""
        orders, live, counts = self.tracker.dump()
        memory = _Memory(
            _SNAPSHOT_VERSION,
            orders,
            live,
            counts,
            list(self.holdings.values()),
            self.doubts,
            self.fill_times,
            self.liquidating,
            self.adopted,
        )
        return encode_exact(memory)

    def restore(self, data: bytes) -> None:
        """Go on from a snapshot; raises `SnapshotCorrupt` when it is none."""
        try:
            memory = _DECODER.decode(data)
        except msgspec.MsgspecError as error:
            raise SnapshotCorrupt(f"expected a snapshot of execution, found {error}") from error
        if memory.version != _SNAPSHOT_VERSION:
            expected = f"expected version {_SNAPSHOT_VERSION} of the execution snapshot"
            raise SnapshotCorrupt(f"{expected}, found {memory.version}")
        self.tracker.load(memory.orders, memory.live, memory.counts)
        self.holdings = {(h.strategy, h.instrument_id): h for h in memory.holdings}
        self.doubts = memory.doubts
        self.fill_times = memory.fill_times
        self.liquidating = memory.liquidating
        self.adopted = memory.adopted
