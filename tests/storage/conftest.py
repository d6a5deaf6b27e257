"""Runs, frames and failing disks for the tests of storage."""

import errno
import gzip
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import pytest

from undertow.domain.command import AmendOrder, CancelOrder, QueryOrder, SubmitOrder
from undertow.domain.engine_input import Input, ReportReceived
from undertow.domain.event import (
    DecisionMade,
    Event,
    OrderPlaced,
    PositionClosed,
    PositionOpened,
    RiskJudged,
    StopMoved,
    TradingSignalGenerated,
)
from undertow.domain.event_rows import to_array
from undertow.domain.fixed import Step
from undertow.domain.identity import (
    ClientOrderId,
    DecisionId,
    FillId,
    InstrumentId,
    StrategyId,
    VenueOrderId,
)
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Action, Approved, Check, Intent, Signal, Verdict
from undertow.domain.market_event import (
    EVENT,
    BookLevel,
    BookUpdate,
    EventArray,
    MarketEvent,
    Trade,
)
from undertow.domain.money import Money
from undertow.domain.order import Limit, Liquidity, Market, Order, Purpose, Terms
from undertow.domain.report import FundingSettled, OrderAccepted, OrderFilled
from undertow.domain.side import Side
from undertow.storage.append_file import AppendFile
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.series_part import UNKNOWN
from undertow.storage.catalog.timeframe_names import length_ns
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord, RunEnded, RunStarted, Value


def _table() -> InstrumentTable:
    def one(venue: str, kind: MarketKind, symbol: str) -> Instrument:
        return Instrument(
            symbol=symbol,
            venue=venue,
            raw_symbol="BTCUSDT",
            kind=kind,
            base="BTC",
            quote="USDT",
            settle="USDT",
            price_step=Step(1, 1),
            qty_step=Step(1, 3),
        )

    return InstrumentTable(
        [
            one("binance", MarketKind.LINEAR, "BTC/USDT:USDT"),
            one("binance", MarketKind.SPOT, "BTC/USDT"),
            one("bybit", MarketKind.LINEAR, "BTC/USDT:USDT"),
        ]
    )


@pytest.fixture
def table() -> InstrumentTable:
    return _table()


@pytest.fixture
def make_run(table: InstrumentTable) -> Callable[[int], RunStarted]:
    def make(run: int) -> RunStarted:
        return RunStarted(
            run=run,
            started_ns=1_000 * run,
            mode="paper",
            version="0",
            seed=1,
            config_digest="d",
            config="mode: paper",
            instruments=tuple(table),
            sources=("binance", "bybit"),
            strategies=("cascade",),
        )

    return make


@pytest.fixture
def make_trades() -> Callable[[int], EventArray]:
    def make(count: int) -> EventArray:
        rows = np.zeros(count, EVENT)
        rows["kind"] = 1
        rows["side"] = 1
        rows["receive_time_ns"] = 1_700_000_000_000_000_000 + np.arange(count) * 1_000
        rows["event_time_ns"] = rows["receive_time_ns"] - 500
        rows["sequence"] = np.arange(count) + 1
        rows["price_ticks"] = 600_000
        rows["qty_lots"] = 5
        return rows

    return make


class FullDisk(AppendFile):
    """A file on a disk that has room for `room` more bytes and then says so, or fails to sync."""

    room = 1 << 40
    is_failing_sync = False

    def write(self, data: bytes | bytearray) -> None:
        room = type(self).room
        super().write(data[:room])
        type(self).room -= min(room, len(data))
        if len(data) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def sync(self) -> None:
        if type(self).is_failing_sync:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().sync()


@pytest.fixture
def full_disk() -> type[FullDisk]:
    class Fresh(FullDisk):
        pass

    return Fresh


def _mount(folder: Path, options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    _mount(folder, "size=256k")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that refuses new files: by its mode, or for root by a read-only file system."""
    folder = tmp_path / "frozen"
    folder.mkdir()
    if os.geteuid():
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
    else:
        _mount(folder, "size=4k,ro")
        yield folder
        subprocess.run(["umount", "-l", str(folder)], check=True)


BTC = InstrumentId("BTC/USDT:USDT@binance")
ENTRY, EXIT = ClientOrderId("ut1-o1"), ClientOrderId("ut1-o2")


def _order(order_id: ClientOrderId, side: Side, decision: str, terms: Terms) -> Order:
    purpose = Purpose.ENTRY if order_id == ENTRY else Purpose.EXIT
    return Order(
        order_id, BTC, StrategyId("cascade"), side, 100, terms, purpose,
        is_reduce_only=purpose is Purpose.EXIT, decision_id=decision, created_ns=10,
    )  # fmt: skip


def _fill(order_id: ClientOrderId, fill_id: str, side: Side, ticks: int, lots: int) -> Input:
    report = OrderFilled(
        venue="binance",
        event_time_ns=20,
        client_order_id=order_id,
        venue_order_id=VenueOrderId("v"),
        fill_id=FillId(fill_id),
        instrument_id=BTC,
        side=side,
        price_ticks=ticks,
        qty_lots=lots,
        liquidity=Liquidity.TAKER,
        fee=Money.of("0.25", "USDT"),
    )
    return ReportReceived(21, report)


def _decision(decision: str, outcome: str) -> Event:
    check = Check("ratio", True, 2.5, 2.0)
    return DecisionMade(
        at_ns=9,
        decision_id=DecisionId(decision),
        strategy=StrategyId("cascade"),
        instrument_id=BTC,
        outcome=outcome,
        side=1,
        score=7.5,
        verdicts=(Verdict("flow", True, "cascade up", checks=(check,)),),
        inputs={"ratio": 2.5},
    )


def _trade() -> list[Value]:
    signal = Signal(
        StrategyId("cascade"), BTC, Action.ENTER, Side.BUY, "cascade", 0.8, 7.5,
        entry_ticks=600_000, stop_ticks=590_000,
    )  # fmt: skip
    intent = Intent(
        "ut1-i1", DecisionId("ut1-d1"), StrategyId("cascade"), BTC, Side.BUY, Purpose.ENTRY,
        Market(), "cascade", 9,
    )  # fmt: skip
    entry = _order(ENTRY, Side.BUY, "ut1-d1", Limit(600_010))
    leave = _order(EXIT, Side.SELL, "ut1-d2", Market())
    accepted = OrderAccepted(
        venue="binance", event_time_ns=12, client_order_id=ENTRY, venue_order_id=VenueOrderId("v")
    )
    return [
        _decision("ut1-d1", "enter"),
        TradingSignalGenerated(at_ns=9, decision_id=DecisionId("ut1-d1"), signal=signal),
        RiskJudged(at_ns=9, decision_id=DecisionId("ut1-d1"), verdict=Approved(intent, 100, ())),
        SubmitOrder("binance", entry, 11),
        OrderPlaced(at_ns=11, order=entry),
        ReportReceived(13, accepted),
        _fill(ENTRY, "f1", Side.BUY, 600_000, 40),
        PositionOpened(
            at_ns=21,
            position_id="p1",
            instrument_id=BTC,
            strategy=StrategyId("cascade"),
            side=Side.BUY,
            entry_price="60000",
            qty="0.04",
            decision_id=DecisionId("ut1-d1"),
        ),
        _fill(ENTRY, "f2", Side.BUY, 600_010, 60),
        StopMoved(
            at_ns=22, position_id="p1", instrument_id=BTC, stop_price="59500", reason="breakeven"
        ),
        ReportReceived(
            25,
            FundingSettled(
                venue="binance",
                event_time_ns=24,
                instrument_id=BTC,
                amount=Money.of("-0.125", "USDT"),
            ),
        ),
        _decision("ut1-d2", "exit"),
        SubmitOrder("binance", leave, 30),
        OrderPlaced(at_ns=30, order=leave),
        _fill(EXIT, "f3", Side.SELL, 601_000, 100),
        PositionClosed(
            at_ns=3_600_000_000_031,
            position_id="p1",
            instrument_id=BTC,
            strategy=StrategyId("cascade"),
            side=Side.BUY,
            entry_price="60000.6",
            exit_price="60100",
            qty="0.1",
            pnl=Money.of("9.065", "USDT"),
            pnl_percent=0.15,
            fees=Money.of("0.75", "USDT"),
            funding=Money.of("-0.125", "USDT"),
            opened_ns=31,
            reason="trailing_stop",
            entry_decision_id=DecisionId("ut1-d1"),
            exit_decision_id=DecisionId("ut1-d2"),
        ),
        RunEnded(40, "hash", "asked", {"inputs": 9}),
    ]


_KINDS: dict[type, FrameKind] = {
    RunStarted: FrameKind.RUN_STARTED,
    RunEnded: FrameKind.RUN_ENDED,
    ReportReceived: FrameKind.INPUT,
    SubmitOrder: FrameKind.COMMAND,
    CancelOrder: FrameKind.COMMAND,
    AmendOrder: FrameKind.COMMAND,
    QueryOrder: FrameKind.COMMAND,
}


def as_records(values: Iterable[Value], first: int = 1) -> list[JournalRecord]:
    return [
        JournalRecord(_KINDS.get(type(value), FrameKind.EVENT), sequence, 10 * sequence, value)
        for sequence, value in enumerate(values, first)
    ]


@pytest.fixture
def records_of() -> Callable[..., list[JournalRecord]]:
    """Makes journal records of values, with sequences from 1 or from a second argument."""
    return as_records


@pytest.fixture
def trade_story(make_run: Callable[[int], RunStarted]) -> list[JournalRecord]:
    """A run in which one position is opened in two fills and closed."""
    return as_records([make_run(1), *_trade()])


def _levels(side: Side, levels: list[list[str]], instrument: Instrument) -> list[BookLevel]:
    return [BookLevel(side, instrument.ticks(price), instrument.lots(qty)) for price, qty in levels]


def _recorded_event(line: bytes, instrument: Instrument) -> MarketEvent | None:
    # One line of a recording: the local time and the venue's message, or a snapshot of its book.
    stamp, _, text = line.partition(b" ")
    message, received = msgspec.json.decode(text), int(stamp)
    data = message.get("data", message)
    time = data["T"] * 1_000_000
    if "lastUpdateId" in data:
        last = first = previous = data["lastUpdateId"]
        sides = data["bids"], data["asks"]
    elif data["e"] == "depthUpdate":
        first, last, previous = data["U"], data["u"], data["pu"]
        sides = data["b"], data["a"]
    elif data["e"] == "trade":
        side = Side.SELL if data["m"] else Side.BUY
        price, qty = instrument.ticks(data["p"]), instrument.lots(data["q"])
        return Trade(0, 0, time, received, side, price, qty, data["t"])
    else:
        return None
    levels = _levels(Side.BUY, sides[0], instrument) + _levels(Side.SELL, sides[1], instrument)
    is_snapshot = "lastUpdateId" in data
    return BookUpdate(0, 0, time, received, first, last, previous, is_snapshot, tuple(levels))


@pytest.fixture(scope="session")
def recorded_rows(recorded: Path) -> EventArray:
    """The first 10,000 messages of a recorded perpetual: trades and a chained book."""
    instrument = next(iter(_table()))
    with gzip.open(recorded / "hftbacktest" / "usdm" / "btcusdt_20240808.gz") as file:
        found = [_recorded_event(line, instrument) for line in islice(file, 10_000)]
    events = [event for event in found if event is not None]
    # The snapshot was asked for while updates came in: as a codec does, put it before them.
    events.sort(key=lambda event: not (isinstance(event, BookUpdate) and event.is_snapshot))
    return to_array(events)


@pytest.fixture
def make_candles() -> Callable[..., Candles]:
    """A random walk of bars in ticks of 0.1, from 2024-01-01; volumes in lots of 0.001."""

    def make(
        bars: int = 300,
        timeframe: str = "5m",
        *,
        start_ns: int = 1_704_067_200 * 10**9,
        seed: int = 1,
        told: bool = False,
    ) -> Candles:
        rng = np.random.default_rng(seed)
        closes = 600_000 + np.cumsum(rng.integers(-50, 51, bars))
        opens = np.concatenate(([600_000], closes[:-1]))
        volume = rng.integers(1, 100_000, bars)
        columns = {
            "time_ns": start_ns + np.arange(bars) * length_ns(timeframe),
            "open": opens,
            "high": np.maximum(opens, closes) + rng.integers(0, 30, bars),
            "low": np.minimum(opens, closes) - rng.integers(0, 30, bars),
            "close": closes,
            "volume": volume,
            "bought": volume // 2 if told else np.full(bars, UNKNOWN),
            "trades": volume // 10 + 1 if told else np.full(bars, UNKNOWN),
        }
        return Candles(timeframe, Step(1, 1), Step(1, 3), columns)

    return make
