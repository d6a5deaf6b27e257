"""A scripted market of exactly the shape that pieces read, so that each number can be set."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.decision.context import Context
from undertow.decision.indicator_set import IndicatorSet
from undertow.domain.bar import BAR, Bar
from undertow.domain.fixed import Step
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S

if TYPE_CHECKING:
    from undertow.flow.flow_state import FlowState

START_NS = 1_767_571_200 * NS_PER_S  # 2026-01-05 00:00 UTC, a multiple of every timeframe
STRATEGY = StrategyId("tested")


class ScriptedWindow(msgspec.Struct):
    """A `TradeWindow` made by hand."""

    buy_lots: int = 0
    sell_lots: int = 0
    buy_trades: int = 0
    sell_trades: int = 0
    large_buy_lots: int = 0
    large_sell_lots: int = 0

    @property
    def trades(self) -> int:
        return self.buy_trades + self.sell_trades

    @property
    def ratio(self) -> float:
        if self.trades < 5 or not (self.buy_lots and self.sell_lots):
            return float("nan")
        return self.buy_lots / self.sell_lots


class ScriptedFlow:
    """An `InstrumentFlow` whose answers are attributes."""

    def __init__(self, instrument: Instrument, index: int) -> None:
        self.instrument, self.index = instrument, index
        self.last_ticks = 100_000
        self.spread_bps = 1.0
        self.is_healthy = self.has_book = True
        self.windows: dict[int, ScriptedWindow] = {}
        self.rows: dict[int, NDArray[np.void]] = {}
        self.profile: tuple[list[int], list[float]] = ([], [])
        self.book: dict[Side, list[tuple[int, int]]] = {Side.BUY: [], Side.SELL: []}

    @property
    def last_price(self) -> float:
        return self.instrument.price_float(self.last_ticks)

    def window(self, seconds: int) -> ScriptedWindow:
        return self.windows.get(seconds, ScriptedWindow())

    def ratio(self, seconds: int) -> float:
        return self.window(seconds).ratio

    def bars(self, timeframe_s: int, count: int) -> NDArray[np.void]:
        return self.rows.get(timeframe_s, np.empty(0, BAR))[-count:]

    def bar_count(self, timeframe_s: int) -> int:
        return len(self.bars(timeframe_s, 1_000_000))

    def price_volume(self, minutes: int = 15) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        ticks, lots = self.profile
        return np.array(ticks, np.int64), np.array(lots, np.float64)

    def depth(self, side: Side, levels: int) -> NDArray[np.int64]:
        return np.array(self.book[side][:levels], np.int64).reshape(-1, 2)

    def set_window(self, seconds: int, buy: int, sell: int, trades: int = 20) -> None:
        self.windows[seconds] = ScriptedWindow(buy, sell, trades // 2, trades - trades // 2)

    def set_closes(self, timeframe_s: int, closes: Sequence[int], reach: int = 5) -> None:
        """Bars that open at the close before them and reach `reach` ticks beyond their body."""
        opens = [closes[0], *closes[:-1]]
        self.set_bars(
            timeframe_s,
            [
                (o, max(o, c) + reach, min(o, c) - reach, c, 100, 100)
                for o, c in zip(opens, closes, strict=True)
            ],
        )

    def set_bars(self, timeframe_s: int, rows: Sequence[tuple[int, ...]]) -> None:
        """Rows of open, high, low, close, buy lots, sell lots; the last ends at START_NS."""
        bars = np.zeros(len(rows), BAR)
        span = timeframe_s * NS_PER_S
        bars["open_time_ns"] = START_NS - span * np.arange(len(rows), 0, -1)
        names = ("open_ticks", "high_ticks", "low_ticks", "close_ticks", "buy_lots", "sell_lots")
        for i, name in enumerate(names):
            bars[name] = [row[i] for row in rows]
        bars["buy_trades"] = bars["buy_lots"] > 0
        bars["sell_trades"] = bars["sell_lots"] > 0
        self.rows[timeframe_s] = bars

    def set_seconds(self, closes: Sequence[int], buys: Sequence[int], sells: Sequence[int]) -> None:
        """Everything from one price and the aggressors' volumes per second, the last ending now.

        The length is a multiple of 900 s; each second traded twice on either side.
        """
        close, buy, sell = (np.array(values, np.int64) for values in (closes, buys, sells))
        opened = np.concatenate((close[:1], close[:-1]))
        for timeframe_s in (1, 60, 300, 900):
            shape = (-1, timeframe_s)
            path = np.concatenate((opened.reshape(shape), close.reshape(shape)), axis=1)
            columns = (
                opened.reshape(shape)[:, 0], path.max(axis=1), path.min(axis=1),
                close.reshape(shape)[:, -1], buy.reshape(shape).sum(axis=1),
                sell.reshape(shape).sum(axis=1),
            )  # fmt: skip
            self.set_bars(timeframe_s, [tuple(map(int, row)) for row in zip(*columns, strict=True)])
            for name in ("buy_trades", "sell_trades"):
                self.rows[timeframe_s][name] = 2 * timeframe_s
        for seconds in (15, 30, 60, 180, 300, 900):
            self.set_window(
                seconds, int(buy[-seconds:].sum()), int(sell[-seconds:].sum()), 4 * seconds
            )
        ticks, counts = np.unique(close[-900:] // 1000 * 1000, return_counts=True)
        self.profile = (ticks.tolist(), counts.astype(float).tolist())
        self.last_ticks = int(close[-1])


class ScriptedMarket:
    """A `FlowState` over scripted instruments; remembers what was subscribed."""

    def __init__(self, table: InstrumentTable) -> None:
        self.flows = [ScriptedFlow(row, index) for index, row in enumerate(table)]
        self.subscribed: list[tuple[int, int]] = []

    def __getitem__(self, index: int) -> ScriptedFlow:
        return self.flows[index]

    def subscribe_bars(self, index: int, timeframe_s: int) -> None:
        self.subscribed.append((index, timeframe_s))

    def asset(self, base: str) -> str:
        return f"asset {base}"


class CountedIds:
    """An `IdSource` that counts."""

    def __init__(self) -> None:
        self.given = 0

    def next_id(self, kind: str) -> str:
        self.given += 1
        return f"{kind}-{self.given}"


@pytest.fixture
def table() -> InstrumentTable:
    def row(symbol: str, kind: MarketKind, base: str) -> Instrument:
        return Instrument(
            symbol, "aster", base, kind, base, "USDT", "USDT", Step.of("0.1"), Step.of("0.001")
        )

    return InstrumentTable(
        [
            row("BTC/USDT:USDT", MarketKind.LINEAR, "BTC"),
            row("BTC/USDT", MarketKind.SPOT, "BTC"),
            row("ETH/USDT:USDT", MarketKind.LINEAR, "ETH"),
        ]
    )


@pytest.fixture
def market(table: InstrumentTable) -> ScriptedMarket:
    return ScriptedMarket(table)


@pytest.fixture
def flow(market: ScriptedMarket) -> ScriptedFlow:
    return market[0]


@pytest.fixture
def ids() -> CountedIds:
    return CountedIds()


@pytest.fixture
def flow_state(market: ScriptedMarket) -> "FlowState":
    return cast("FlowState", market)


MakeContext = Callable[..., Context]


@pytest.fixture
def context(flow_state: "FlowState") -> MakeContext:
    def make(index: int = 0, **changes: Any) -> Context:
        settings: dict[str, Any] = {"now_ns": START_NS, "indicators": IndicatorSet({}, "1m")}
        settings.update(changes)
        return Context(STRATEGY, flow_state, index, **settings)

    return make


@pytest.fixture
def position() -> Callable[..., PositionView]:
    def make(side: Side = Side.BUY, **changes: Any) -> PositionView:
        nothing = Money.zero("USDT")
        view = PositionView(
            position_id="p1",
            strategy=STRATEGY,
            instrument_id=InstrumentId("BTC/USDT:USDT@aster"),
            index=0,
            side=side,
            qty_lots=10,
            entry_ticks=100_000.0,
            opened_ns=START_NS - 60 * NS_PER_S,
            stop_ticks=0,
            extreme_ticks=100_000,
            last_ticks=100_000,
            realised=nothing,
            unrealised=nothing,
            notional=nothing,
            heat=nothing,
            fees=nothing,
            funding=nothing,
            entry_decision_id=DecisionId("d1"),
        )
        return msgspec.structs.replace(view, **changes)

    return make


@pytest.fixture
def bar() -> Callable[..., Bar]:
    def make(close: int, instrument: int = 0, timeframe_s: int = 60, number: int = 0) -> Bar:
        opened = START_NS + number * timeframe_s * NS_PER_S
        return Bar(
            instrument, timeframe_s, opened, close, close + 5, close - 5, close, 60, 40, 6, 4,
            100.0 * close,
        )  # fmt: skip

    return make


@pytest.fixture
def zone_bars() -> Callable[[Side, int], list[tuple[int, ...]]]:
    """Quiet bars around 100 000, a heavy rejection 400 ticks away, then visits to its wick.

    For BUY a demand zone from 99 550 to 99 800, for SELL its mirror.
    """

    def make(side: Side, visits: int) -> list[tuple[int, ...]]:
        quiet = (100_000, 100_020, 99_980, 100_000, 50, 50)
        rejection = (99_800, 100_020, 99_550, 100_000, 200, 200)
        visit = (100_000, 100_020, 99_700, 100_000, 50, 50)
        rows = [quiet] * 22 + [rejection] + [quiet] * 3 + [visit, quiet] * visits
        return [row if side is Side.BUY else mirrored(row) for row in rows]

    return make


@pytest.fixture
def gap_bars() -> Callable[[Side], list[tuple[int, ...]]]:
    """Three bars with a gap of 300 ticks around 100 000 in the side's direction."""

    def make(side: Side) -> list[tuple[int, ...]]:
        rows = [
            (99_800, 99_850, 99_750, 99_850, 50, 50),
            (99_850, 100_200, 99_850, 100_200, 50, 50),
            (100_200, 100_250, 100_150, 100_220, 50, 50),
        ]
        return [row if side is Side.BUY else mirrored(row) for row in rows]

    return make


@pytest.fixture(name="mirrored")
def mirrored_fixture() -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    return mirrored


def mirrored(row: tuple[int, ...]) -> tuple[int, ...]:
    """The same bar upside down around 100 000, buyers and sellers exchanged."""
    opened, high, low, close, buy, sell = row
    turn = 200_000
    return (turn - opened, turn - low, turn - high, turn - close, sell, buy)
