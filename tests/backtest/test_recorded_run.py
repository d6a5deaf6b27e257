"""Recorded messages through codec, engine and simulated exchange."""

import gzip
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from undertow.backtest.book_check import PlainBook
from undertow.backtest.recorded_run import RecordedRun, ReplaySettings
from undertow.backtest.recording import open_recordings
from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.command import Command, SubmitOrder
from undertow.domain.engine_input import Input, ReportReceived
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.event import Event
from undertow.domain.intent import Signal
from undertow.domain.market_event import EventArray, EventKind
from undertow.domain.side import Side
from undertow.engine.engine_config import EngineConfig
from undertow.flow.flow_state import FlowState
from undertow.risk.limits import RiskLimits

Files = dict[str, Path]
WALLET = {"binance": {"USDT": "100000", "BTC": "1"}}
SETTINGS = ReplaySettings(engine=EngineConfig(wallets=WALLET, limits=RiskLimits(loss_streak=0)))


class Flipper(Strategy):
    """Long or short in turns for a few seconds, on derivatives."""

    timeframe: str = "1s"

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        second = bar.open_time_ns // 10**9
        if ctx.position is not None:
            return ctx.exit("time") if second % 7 == 0 else None
        side = Side.BUY if second // 14 % 2 == 0 else Side.SELL
        if ctx.can_short and second % 7 == 3 and ctx.can_enter(side):
            return ctx.enter(side, stop=ctx.price * (1 - side * 0.002))
        return None


class Tape:
    """A record in memory."""

    def __init__(self) -> None:
        self.rows: list[EventArray] = []
        self.others: list[Any] = []

    @property
    def effects(self) -> list[Any]:
        return [one for one in self.others if not hasattr(one, "receive_time_ns")]

    def append_market(self, rows: EventArray) -> None:
        self.rows.append(rows.copy())

    def append_input(self, value: Input) -> None:
        self.others.append(value)

    def append_event(self, value: Event) -> None:
        self.others.append(value)

    def append_commands(self, commands: Sequence[Command]) -> None:
        self.others += commands


def replay(
    texts: list[str], batch: int = 0, *, record: Tape | None = None, is_lenient: bool = False
) -> RecordedRun:
    settings = ReplaySettings(7, batch, SETTINGS.engine)
    recordings = open_recordings(texts, is_lenient=is_lenient)
    return RecordedRun(recordings, [Flipper()], settings, np.random.default_rng(7), record=record)


def texts_of(files: Files) -> list[str]:
    return [f"{name}={path}" for name, path in files.items()]


def test_sources_are_merged_by_receive_time_and_nothing_is_lost(binance_files: Files) -> None:
    tape = Tape()
    run = replay(texts_of(binance_files), record=tape)
    run.run()
    rows = np.concatenate(tape.rows)
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()
    assert len(rows) == sum(source.summary.rows for source in run.sources().values())
    assert len(rows) == run.engine.memory.counters.rows
    for rank, name in enumerate(binance_files):
        assert (rows["source"] == rank).sum() == run.sources()[name].summary.rows


@pytest.mark.parametrize("batch", [1, 3, 7, 100])
def test_how_many_rows_come_at_once_changes_nothing(binance_files: Files, batch: int) -> None:
    tapes = [Tape(), Tape()]
    runs = [
        replay(texts_of(binance_files), size, record=tapes[i]) for i, size in enumerate((0, batch))
    ]
    for run in runs:
        run.run()
    effects = [
        [one for one in tape.others if not hasattr(one, "receive_time_ns")] for tape in tapes
    ]
    assert effects[0] == effects[1]
    assert runs[0].engine.state_hash() == runs[1].engine.state_hash()
    assert runs[0].engine.memory.counters.trades > 5


def test_no_answer_comes_before_it_can(binance_files: Files) -> None:
    tape = Tape()
    run = replay(texts_of(binance_files), record=tape)
    run.run()
    sent: dict[str, int] = {
        one.order.client_order_id: one.sent_ns
        for one in tape.others
        if isinstance(one, SubmitOrder)
    }
    answers = [one for one in tape.others if isinstance(one, ReportReceived)]
    assert len(answers) > 10
    least_ns = run._world.round_trip_ns
    for answer in answers:
        name = getattr(answer.report, "client_order_id", "")
        assert answer.receive_time_ns >= sent[name] + least_ns
        assert answer.report.event_time_ns < answer.receive_time_ns


def test_one_source_breaking_off_leaves_the_others_whole(
    binance_files: Files, tmp_path: Path
) -> None:
    data = binance_files["binance.spot"].read_bytes()
    torn = tmp_path / "torn.gz"
    torn.write_bytes(data[: len(data) // 3])
    texts = [f"binance.spot={torn}", f"binance.usdm={binance_files['binance.usdm']}"]
    run, lenient = replay(texts), replay(texts, is_lenient=True)
    with pytest.raises(DataError, match=r"torn\.gz"):
        run.run()
    lenient.run()
    lines = binance_files["binance.usdm"].read_bytes().count(b"\n")
    assert run.sources()["binance.usdm"].summary.messages == lines
    assert run.sources()["binance.spot"].summary.truncated
    assert run.engine.state_hash() == lenient.engine.state_hash()


def test_progress_tells_rows_that_were_handled(binance_files: Files) -> None:
    run, told = replay(texts_of(binance_files)), list[int]()
    run.run(told.append)
    assert told == sorted(told)
    assert told[-1] == run.engine.memory.counters.rows


def test_the_venue_and_the_ledger_agree_at_the_end(binance_files: Files) -> None:
    run = replay(texts_of(binance_files))
    run.run()
    run.engine.check()
    (exchange,) = run._world._exchanges.values()
    balances = {money.currency: money for money in exchange.balances()}  # type: ignore[attr-defined]  # an Exchange
    for currency, money in balances.items():
        assert run.engine.ledger.balance("binance", currency) == money


def test_a_batch_below_one_row_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="a batch of at least 1 row, found -2"):
        ReplaySettings(batch=-2)


# The recordings of three markets over the same minutes (see the README beside them).

STREAMS = {
    "binance.spot": ("spot/btcusdt_20240808.gz", "spot/btcusdt_20240809.gz"),
    "binance.usdm": ("usdm/btcusdt_20240808.gz",),
    "binance.coinm": ("cm/btcusd_perp_20240808.gz", "cm/btcusd_perp_20240809.gz"),
}
# Lines, trades and depth messages as the README beside the recordings counts them.
COUNTS = {
    "binance.spot": (41_249 + 58_325, 19_904, 6_495),
    "binance.usdm": (93_954, 21_313, 6_551),
    "binance.coinm": (48_270 + 50_116, 5_235, 44_795),
}
OFFSET_MS = -1_272


@pytest.fixture(scope="module")
def texts(recorded: Path) -> list[str]:
    folder = recorded / "hftbacktest"
    return [
        f"{name}={','.join(str(folder / file) for file in files)}"
        for name, files in STREAMS.items()
    ]


@pytest.fixture(scope="module")
def whole(texts: list[str]) -> RecordedRun:
    run = replay(texts)
    run.run()
    return run


@pytest.mark.recorded
@pytest.mark.parametrize("name", STREAMS)
def test_every_message_is_read_and_no_gap_is_seen_where_none_is(
    whole: RecordedRun, name: str
) -> None:
    summary = whole.sources()[name].summary
    assert (summary.messages, summary.trades, summary.book_updates) == COUNTS[name]
    assert (summary.gaps, summary.duplicates, summary.malformed) == (0, 0, {})
    assert (summary.went_back, summary.truncated) == (0, False)
    assert whole.sources()[name].late_trades == 0


@pytest.mark.recorded
@pytest.mark.parametrize("name", STREAMS)
def test_the_rebuilt_book_is_the_venues_at_every_update(whole: RecordedRun, name: str) -> None:
    check = whole.sources()[name].book_check
    assert check.first_difference is None
    assert check.equal == check.compared
    assert check.compared > 0.99 * COUNTS[name][2]


@pytest.mark.recorded
@pytest.mark.parametrize("name", STREAMS)
def test_the_slow_clock_of_the_recorder_is_measured(whole: RecordedRun, name: str) -> None:
    assert whole.sources()[name].clock_offset_ms == pytest.approx(OFFSET_MS, abs=20)


@pytest.mark.recorded
def test_strategies_trade_on_the_recordings_and_the_books_balance(whole: RecordedRun) -> None:
    counters = whole.engine.memory.counters
    assert counters.trades > 5
    assert counters.rows == sum(one.summary.rows for one in whole.sources().values())
    whole.engine.check()


@pytest.mark.recorded
@pytest.mark.parametrize(
    "batch",
    [7, pytest.param(1, marks=pytest.mark.soak), pytest.param(1_000, marks=pytest.mark.soak)],
)
def test_the_recordings_in_any_batch_give_the_same_state(
    texts: list[str], whole: RecordedRun, batch: int
) -> None:
    other = replay(texts, batch)
    other.run()
    assert other.engine.state_hash() == whole.engine.state_hash()
    assert other.sources() == whole.sources()


@pytest.mark.recorded
@pytest.mark.parametrize("name", STREAMS)
def test_the_compiled_book_is_the_plain_one_after_each_update(texts: list[str], name: str) -> None:
    (text,) = (one for one in texts if one.startswith(name))
    recordings = open_recordings([text])
    flow, plain, compared = FlowState(recordings.table, [name]), PlainBook(), 0
    for rows in recordings.sources[0].chunks(500):
        compared += _compare(flow, plain, rows)
        if compared > 4_000:
            break
    assert compared > 4_000


def _compare(flow: FlowState, plain: PlainBook, rows: EventArray) -> int:
    start = compared = 0
    for end in np.flatnonzero(rows["kind"] == EventKind.BOOK_END).tolist():
        _put(plain, rows[start : end + 1])
        while start <= end:
            start = flow.advance(rows, start, end + 1, 2**62)
        if plain.is_valid:
            assert flow[0].has_book
            view = flow[0]
            best = (view.bid_ticks, view.bid_lots, view.ask_ticks, view.ask_lots)
            assert best == plain.best(), f"update {rows[end]['sequence']}"
            compared += 1
    while start < len(rows):
        _put(plain, rows[start:])
        start = flow.advance(rows, start, len(rows), 2**62)
    return compared


def _put(plain: PlainBook, rows: EventArray) -> None:
    columns = ("kind", "side", "price_ticks", "qty_lots", "flags")
    for kind, side, ticks, lots, flags in zip(
        *(rows[name].tolist() for name in columns), strict=True
    ):
        if kind == EventKind.BOOK_BEGIN and flags:
            plain.clear(is_valid=True)
        elif kind == EventKind.BOOK_LEVEL and side > 0:
            plain.put_bid(ticks, lots)
        elif kind == EventKind.BOOK_LEVEL:
            plain.put_ask(ticks, lots)


def _raw_sums(text: str) -> dict[bool, tuple[Any, float, float]]:
    """By buy or not: exact quantity, sum of price * quantity and of quantity / price, by polars."""
    pl = pytest.importorskip("polars")
    lines: list[str] = []
    for path in text.partition("=")[2].split(","):
        with gzip.open(path, "rt") as stream:
            lines += [line for line in stream if "@trade" in line[:200]]
    data = pl.col("line").str.split_exact(" ", 1).struct.field("field_1")
    table = pl.DataFrame({"line": lines}).select(
        data.str.json_path_match("$.data.m").alias("m"),
        data.str.json_path_match("$.data.q").cast(pl.Decimal(38, 8)).alias("qty"),
        data.str.json_path_match("$.data.p").cast(pl.Float64).alias("price"),
    )
    size = pl.col("qty").cast(pl.Float64)
    sums = table.group_by("m").agg(
        pl.col("qty").sum(), (size * pl.col("price")).sum().alias("value"),
        (size / pl.col("price")).sum().alias("inverse"),
    )  # fmt: skip
    return {row[0] == "false": row[1:] for row in sums.iter_rows()}


@pytest.mark.recorded
@pytest.mark.parametrize("name", STREAMS)
def test_sums_by_venue_equal_those_of_the_raw_messages(
    whole: RecordedRun, texts: list[str], name: str
) -> None:
    (text,) = (one for one in texts if one.startswith(name))
    raw = _raw_sums(text)
    rank = list(STREAMS).index(name)
    (index,) = whole._recordings.sources[rank].indexes
    flow = whole.engine.flow[index]
    step = Decimal(flow.instrument.qty_step.text(1))
    traded = flow._totals(None)
    assert (traded[0], traded[1]) == tuple(int(raw[side][0] / step) for side in (True, False))
    size = 100.0 if flow.is_inverse else 1.0
    for side, base, usd in zip((True, False), flow.traded_base(), flow.traded_usd(), strict=True):
        qty, value, inverse = raw[side]
        expected = (inverse * size, float(qty) * size) if flow.is_inverse else (float(qty), value)
        assert (base, usd) == pytest.approx(expected, rel=1e-12)


@pytest.mark.recorded
def test_the_asset_is_the_sum_of_its_three_markets(whole: RecordedRun, texts: list[str]) -> None:
    asset = whole.engine.flow.asset("BTC")
    base = usd = 0.0
    for text in texts:
        raw, is_inverse = _raw_sums(text), text.startswith("binance.coinm")
        for side, sign in ((True, 1.0), (False, -1.0)):
            qty, value, inverse = raw[side]
            base += sign * (inverse * 100.0 if is_inverse else float(qty))
            usd += sign * (float(qty) * 100.0 if is_inverse else value)
    everyone = [member.cvd_base() for member in asset.members]
    assert sum(everyone) == pytest.approx(base, rel=1e-9)
    assert sum(member.cvd_usd() for member in asset.members) == pytest.approx(usd, rel=1e-9)
