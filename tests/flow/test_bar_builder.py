"""Bar builders: one meaning however rows are split, snapshots, what is kept, and refusals."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.bar import BAR
from undertow.domain.errors import ConfigurationError, MalformedMessage, SnapshotCorrupt
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import (
    DollarBars,
    FixedImbalanceBars,
    ImbalanceBars,
    Measure,
    RangeBars,
    RenkoBars,
    RunsBars,
    SignFrom,
    TickBars,
    TimeBars,
    VolumeBars,
)
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState

S = 1_000_000_000
Make = Callable[..., Any]
KINDS = (
    TickBars(7),
    VolumeBars(0.05),
    VolumeBars(0.013, is_split=True),
    DollarBars(3000),
    DollarBars(700, is_split=True),
    FixedImbalanceBars(Measure.QTY, 0.03),
    ImbalanceBars(Measure.VALUE, 10, 40, 3, 5, 60),
    RunsBars(Measure.TRADES, 10, 40, 3, 5, 60),
    RenkoBars(1.5),
    RangeBars(2),
    TimeBars(5),
)


def instrument() -> Instrument:
    names = ("BTC/USDT", "alpha", "X", MarketKind.SPOT, "BTC", "USDT", "USDT")
    return Instrument(*names, Step(1, 1), Step(1, 3))


def random_rows(seed: int, count: int) -> Any:
    """Trades with some rows out of order, impossible, misdated, or of somebody else."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, EVENT)
    times = 1_700_000_000 * S + np.cumsum(rng.choice([0, S // 4, 3 * S, 400 * S], count,
                                                     p=[0.2, 0.6, 0.19, 0.01]))  # fmt: skip
    late = rng.choice([0, S // 2, 9 * S], count, p=[0.85, 0.1, 0.05])
    rows["receive_time_ns"], rows["event_time_ns"] = times, times - late
    rows["price_ticks"] = 600_000 + np.cumsum(rng.integers(-6, 7, count))
    rows["qty_lots"] = rng.integers(0, 30, count)
    rows["side"] = rng.choice([-1, 1, 0], count, p=[0.49, 0.49, 0.02])
    rows["kind"] = rng.choice([1, 5], count, p=[0.95, 0.05])
    rows["instrument"] = rng.choice([0, 1], count, p=[0.95, 0.05])
    rows["event_time_ns"][rng.random(count) < 0.01] += 3600 * S
    return rows


def make(kind: Any, **options: Any) -> BarBuilder:
    return BarBuilder(kind, instrument(), **options)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 99), cuts=st.lists(st.floats(0, 1), max_size=6), at=st.integers(0, 6))
def test_splits_and_restarts_change_nothing(
    kind: Any, seed: int, cuts: list[float], at: int
) -> None:
    rows = random_rows(seed, 600)
    whole, parts = make(kind, kept=50), make(kind, kept=50)
    bars = whole.push(rows)
    places = [0, *sorted(int(cut * len(rows)) for cut in cuts), len(rows)]
    made = []
    for k, (i, j) in enumerate(pairwise(places)):
        made.append(parts.push(rows[i:j]))
        if k == at:
            again = make(kind, kept=50)
            again.restore(parts.snapshot())
            parts = again
    assert np.concatenate(made).tobytes() == bars.tobytes()
    assert parts.snapshot() == whole.snapshot()
    assert parts.forming().tobytes() == whole.forming().tobytes()
    assert parts.counters == whole.counters


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_every_kind_closes_bars_of_consistent_numbers(kind: Any) -> None:
    builder = make(kind)
    bars = builder.push(random_rows(5, 3000))
    assert builder.bar_count == len(bars) > 3
    assert np.all(bars["low_ticks"] <= np.minimum(bars["open_ticks"], bars["close_ticks"]))
    assert np.all(bars["high_ticks"] >= np.maximum(bars["open_ticks"], bars["close_ticks"]))
    assert np.all(np.diff(bars["open_time_ns"]) >= 0)
    assert np.all(bars["close_time_ns"] >= bars["open_time_ns"])
    lots = bars["buy_lots"] + bars["sell_lots"]
    traded = lots > 0
    assert bars["vwap_ticks"][traded] == pytest.approx(
        (bars["tick_lots"] / np.maximum(lots, 1e-9))[traded]
    )
    assert bars["value"] == pytest.approx(bars["tick_lots"] * 1e-4)


def test_more_bars_than_fit_at_once_are_all_there() -> None:
    rows = random_rows(1, 30_000)
    rows["qty_lots"], rows["kind"], rows["instrument"], rows["side"] = 1, 1, 0, 1
    builder = make(TickBars(1))
    assert len(builder.push(rows)) == builder.counters["trades"] > 20_000


def test_closed_keeps_the_last() -> None:
    builder = make(TickBars(3), kept=10)
    bars = builder.push(random_rows(2, 500))
    assert builder.closed().tobytes() == bars[-10:].tobytes()
    assert builder.closed(4).tobytes() == bars[-4:].tobytes()
    assert len(builder.closed(0)) == len(builder.closed(-3)) == 0


def test_the_unfinished_bar() -> None:
    builder = make(TickBars(3))
    assert len(builder.forming()) == 0
    rows = random_rows(3, 2)
    rows["side"], rows["kind"], rows["instrument"], rows["qty_lots"] = 1, 1, 0, 5
    builder.push(rows)
    assert builder.forming()["buy_trades"].tolist() == [2]
    assert builder.forming()["vwap_ticks"][0] > 0  # asking twice scales nothing twice
    assert builder.forming().tobytes() == builder.forming().tobytes()


def test_columns_are_rows() -> None:
    rows = random_rows(4, 900)
    rows["receive_time_ns"] = rows["event_time_ns"]
    rows["kind"], rows["instrument"] = 1, 0
    one, two = make(TickBars(5)), make(TickBars(5))
    names = ("event_time_ns", "price_ticks", "qty_lots", "side")
    made = two.push_columns(*(rows[name] for name in names))
    assert made.tobytes() == one.push(rows).tobytes()
    assert two.counters == one.counters


def test_no_rows_no_bars() -> None:
    for kind in KINDS:
        assert len(make(kind).push(np.empty(0, EVENT))) == 0
    assert len(make(TickBars(1)).push_columns([], [], [], [])) == 0


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected one of DollarBars, FixedImb"):
        make("tick")
    with pytest.raises(ConfigurationError, match="kept >= 1"):
        make(TickBars(1), kept=0)
    with pytest.raises(MalformedMessage, match="expected rows"):
        make(TickBars(1)).push(np.empty(3, BAR))
    mixed = make(TickBars(1))
    mixed.push(random_rows(1, 3))
    with pytest.raises(ConfigurationError, match="found both"):
        mixed.push_bars(np.empty(0, BAR), 60)


@pytest.mark.parametrize(
    ("kind", "seconds", "message"),
    [
        (RenkoBars(1), 60, "expected trades for"),
        (VolumeBars(1, is_split=True), 60, "expected trades for"),
        (FixedImbalanceBars(Measure.QTY, 1, SignFrom.TICK_RULE), 60, "aggressor"),
        (TimeBars(100), 60, "divides 100 s"),
        (TickBars(1), 0, "divides 0 s"),
    ],
)
def test_what_smaller_bars_cannot_give(kind: Any, seconds: int, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make(kind).push_bars(np.empty(0, BAR), seconds)


def test_snapshots_of_another_builder_are_refused() -> None:
    one = make(TickBars(5))
    with pytest.raises(SnapshotCorrupt, match="same version, kind"):
        make(TickBars(6)).restore(one.snapshot())
    with pytest.raises(SnapshotCorrupt, match="expected a snapshot"):
        one.restore(b"\x00")
    parts = msgspec.msgpack.decode(one.snapshot())
    parts[2] = [parts[2][0][:-8]]
    with pytest.raises(SnapshotCorrupt, match="whole arrays"):
        one.restore(msgspec.msgpack.encode(parts))


def test_minutes_are_those_of_the_flow_state() -> None:
    rows = random_rows(6, 4000)
    rows["sequence"] = np.arange(1, len(rows) + 1)
    late = rows["receive_time_ns"] - rows["event_time_ns"]
    is_sane = (late >= 0) & (late < S) & (rows["qty_lots"] > 0)
    rows = rows[is_sane & (rows["kind"] == 1) & (rows["instrument"] == 0) & (rows["side"] != 0)]
    flow = FlowState(InstrumentTable([instrument()]), ["alpha"], FlowConfig(bars_1m=5000))
    flow.advance(rows, 0, len(rows), 2**62)
    builder = make(TimeBars(60), kept=5000)
    builder.push(rows)
    minutes, bars = flow[0].bars(60, 5000), builder.closed()
    count = min(len(minutes), len(bars))
    assert count > 50
    for name in BAR.names or ():
        assert bars[name][:count].tolist() == minutes[name][:count].tolist(), name
    assert builder.counters["late_trades"] == flow[0].counters["late_trades"] == 0
    assert builder.counters["disordered_trades"] > 50
