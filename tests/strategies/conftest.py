"""Strategies on the real flow: a tape of trades, and a driver that fills every wish at once."""

from collections.abc import Callable, Sequence

import pytest

from undertow.decision.decision import Decision
from undertow.decision.host import Recording, StrategyHost
from undertow.decision.strategy import Strategy
from undertow.domain.event_rows import to_array
from undertow.domain.fixed import Step
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Action
from undertow.domain.market_event import EventArray, Trade
from undertow.domain.money import Money
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.flow.flow_state import FlowState

START_NS = 1_767_571_200 * NS_PER_S
NOTHING = Money.zero("USDT")


class Ids:
    """An `IdSource` that counts."""

    def __init__(self) -> None:
        self.given = 0

    def next_id(self, kind: str) -> str:
        self.given += 1
        return f"{kind}-{self.given}"


class Trader:
    """Runs a host over market rows; positions open and close at the last price, without cost."""

    def __init__(
        self, table: InstrumentTable, sources: Sequence[str], *strategies: Strategy
    ) -> None:
        self.table = table
        self.flow = FlowState(table, sources)
        self.ids = Ids()
        self.host = StrategyHost(
            strategies, table, self.flow, self.ids, recording=Recording.SIGNALS
        )
        self.positions: dict[tuple[StrategyId, InstrumentId], PositionView] = {}
        self.decisions: list[Decision] = []
        self.signalled: list[tuple[int, Decision]] = []

    def lookup(self, strategy: StrategyId, instrument_id: InstrumentId) -> PositionView | None:
        return self.positions.get((strategy, instrument_id))

    def feed(self, rows: EventArray, *, is_checking: bool = True) -> None:
        """Apply rows; bars wake at once, checks fall due before the first row at or after them."""
        i = 0
        while i < len(rows):
            due = self.host.next_check_ns(self.flow.now_ns) if is_checking else 2**63 - 1
            i = self.flow.advance(rows, i, len(rows), due)
            self._on_bars(self.flow.now_ns)
            if i < len(rows) and int(rows[i]["receive_time_ns"]) >= due:
                self.flow.advance_clock(due)
                self._on_bars(due)
                self._act(self.host.on_check(due, self.lookup), due)

    def _on_bars(self, now_ns: int) -> None:
        for bar in self.flow.closed_bars():
            self._act(self.host.on_bar(bar, self.lookup, now_ns), now_ns)

    def _act(self, decisions: list[Decision], now_ns: int) -> None:
        assert self.host.failures == ()
        for decision in decisions:
            self.decisions.append(decision)
            key = (decision.strategy, decision.instrument_id)
            if decision.is_entry:
                self.signalled.append((now_ns, decision))
                self.positions[key] = self._opened(decision, now_ns)
            elif decision.signal and decision.signal.action is Action.EXIT:
                del self.positions[key]

    def _opened(self, decision: Decision, now_ns: int) -> PositionView:
        signal = decision.signal
        assert signal is not None
        ticks = signal.entry_ticks
        return PositionView(
            position_id="p", strategy=signal.strategy, instrument_id=signal.instrument_id,
            index=self.table.index(signal.instrument_id), side=signal.side, qty_lots=1,
            entry_ticks=float(ticks), opened_ns=now_ns, stop_ticks=signal.stop_ticks,
            extreme_ticks=ticks, last_ticks=ticks, realised=NOTHING, unrealised=NOTHING,
            fees=NOTHING, funding=NOTHING, notional=NOTHING, heat=NOTHING,
            entry_decision_id=decision.decision_id,
        )  # fmt: skip


@pytest.fixture
def table() -> InstrumentTable:
    def row(symbol: str, kind: MarketKind) -> Instrument:
        return Instrument(
            symbol, "aster", symbol, kind, "BTC", "USDT", "USDT", Step.of("0.1"), Step.of("0.001")
        )

    return InstrumentTable(
        [row("BTC/USDT:USDT", MarketKind.LINEAR), row("BTC/USDT", MarketKind.SPOT)]
    )


@pytest.fixture(scope="session")
def trader_type() -> type[Trader]:
    return Trader


@pytest.fixture
def trader(table: InstrumentTable) -> Callable[..., Trader]:
    def make(*strategies: Strategy) -> Trader:
        return Trader(table, ("aster",), *strategies)

    return make


@pytest.fixture
def tape() -> Callable[[Sequence[int]], EventArray]:
    """One trade of each instrument every ten seconds at these ticks."""

    def make(prices: Sequence[int]) -> EventArray:
        trades = []
        for i, ticks in enumerate(prices):
            at_ns = START_NS + i * 10 * NS_PER_S
            side = Side.BUY if i % 2 else Side.SELL
            trades += [
                Trade(instrument, 0, at_ns, at_ns + 1_000_000, side, ticks, 5, i)
                for instrument in (0, 1)
            ]
        return to_array(trades)

    return make


@pytest.fixture
def copy() -> Callable[[Trader, Trader], None]:
    """Let the second trader go on where the first stands."""

    def resume(first: Trader, second: Trader) -> None:
        second.flow.restore(first.flow.snapshot())
        second.host.restore(first.host.snapshot())
        second.ids.given = first.ids.given
        second.positions = dict(first.positions)

    return resume
