"""Footprint builders: splits, restarts, lateness, what is kept, and refusals."""

from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.market_event import EVENT
from undertow.flow.footprint import FootprintBuilder, FootprintConfig

S = 1_000_000_000
SMALL = FootprintConfig(rows=16, kept=5, lateness_ns=70 * S // 2)


def trades(*rows: tuple[int, int, int, int]) -> Any:
    out = np.zeros(len(rows), EVENT)
    for name, column in zip(
        ("event_time_ns", "price_ticks", "qty_lots", "side"), zip(*rows, strict=True), strict=True
    ):
        out[name] = column
    out["receive_time_ns"], out["kind"] = out["event_time_ns"], 1
    return out


def random_rows(seed: int, count: int) -> Any:
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, EVENT)
    times = 1_700_000_000 * S + np.cumsum(rng.choice([0, S, 9 * S, 900 * S], count,
                                                     p=[0.2, 0.6, 0.19, 0.01]))  # fmt: skip
    rows["receive_time_ns"] = times
    rows["event_time_ns"] = times - rng.choice([0, S, 60 * S], count, p=[0.8, 0.15, 0.05])
    rows["price_ticks"] = 60_000 + np.cumsum(rng.integers(-3, 4, count))
    rows["qty_lots"] = rng.integers(0, 30, count)
    rows["side"] = rng.choice([-1, 1, 0], count, p=[0.49, 0.49, 0.02])
    rows["kind"] = rng.choice([1, 5], count, p=[0.95, 0.05])
    return rows


def told(bars: Any) -> list[Any]:
    """Bars as plain values."""
    return [
        [
            part.tolist() if isinstance(part, np.ndarray) else part
            for part in msgspec.structs.astuple(bar)
        ]
        for bar in bars
    ]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 99), cuts=st.lists(st.floats(0, 1), max_size=6), at=st.integers(0, 6))
def test_splits_and_restarts_change_nothing(seed: int, cuts: list[float], at: int) -> None:
    rows = random_rows(seed, 500)
    whole, parts = FootprintBuilder(SMALL), FootprintBuilder(SMALL)
    closed = list(whole.walk(rows))
    places = [0, *sorted(int(cut * len(rows)) for cut in cuts), len(rows)]
    made: list[Any] = []
    for k, (i, j) in enumerate(pairwise(places)):
        made += parts.walk(rows[i:j])
        if k == at:
            again = FootprintBuilder(SMALL)
            again.restore(parts.snapshot())
            parts = again
    assert told(made) == told(closed)
    assert parts.snapshot() == whole.snapshot()
    assert told(parts.forming()) == told(whole.forming())
    quiet = FootprintBuilder(SMALL)
    assert quiet.push(rows) == len(closed) == whole.bar_count
    assert quiet.snapshot() == whole.snapshot()


def test_closed_bars_stay_as_published() -> None:
    rows = random_rows(3, 800)
    builder = FootprintBuilder(FootprintConfig(rows=16, kept=400, lateness_ns=0))
    published = list(builder.walk(rows))
    first = builder.bars()[0].open_time_ns
    kept = [bar for bar in published if bar.open_time_ns >= first]
    assert told(builder.bars()) == told(kept)
    assert told(builder.bars(3)) == told(published[-3:])
    assert builder.bars(0) == ()


def test_a_bar_waits_for_late_trades_and_then_counts_them() -> None:
    builder = FootprintBuilder(FootprintConfig(lateness_ns=2 * S))
    assert (
        builder.push(trades((70 * S, 100, 1, 1), (121 * S, 101, 2, 1), (119 * S, 99, 4, -1))) == 0
    )
    assert len(builder.forming()) == 2
    assert builder.push(trades((122 * S, 101, 1, 1), (80 * S, 50, 9, 1))) == 1
    (bar,) = builder.bars()
    assert (bar.buys.tolist(), bar.sells.tolist(), bar.close_ticks) == ([0, 1], [4, 0], 99)
    assert builder.counters["late_trades"] == 1
    assert builder.counters["disordered_trades"] == 2


def test_impossible_rows_are_counted() -> None:
    rows = trades((70 * S, 100, 1, 1), (71 * S, 0, 1, 1), (72 * S, 100, -4, 1), (999 * S, 1, 1, 1))
    rows["receive_time_ns"][3] = 73 * S
    builder = FootprintBuilder()
    assert builder.push(rows) == 0
    counters = builder.counters
    assert (counters["refused_rows"], counters["misdated_rows"], counters["trades"]) == (2, 1, 1)


def test_time_passes_without_trades_when_told() -> None:
    builder = FootprintBuilder()
    assert builder.advance_to(10**12) == []
    builder.push_columns([70 * S], [100], [3], [-1])
    assert builder.advance_to(120 * S) == []
    assert [bar.cum_delta for bar in builder.advance_to(121 * S)] == [-3]


@pytest.mark.parametrize(
    "options",
    [{"seconds": 30}, {"seconds": 90}, {"row_ticks": 0}, {"rows": 7}, {"kept": 0},
     {"lateness_ns": -1}, {"lateness_ns": 61 * S}, {"most_lead_ns": -1}],
)  # fmt: skip
def test_wrong_configurations_are_refused(options: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"expected .* found"):
        FootprintConfig(**options)


def test_snapshots_of_another_builder_are_refused() -> None:
    one = FootprintBuilder()
    with pytest.raises(SnapshotCorrupt, match="same version"):
        FootprintBuilder(index=1).restore(one.snapshot())
    with pytest.raises(SnapshotCorrupt, match="expected a snapshot"):
        one.restore(b"nothing")
    parts = msgspec.msgpack.decode(one.snapshot())
    parts[4] = parts[4][:-8]
    with pytest.raises(SnapshotCorrupt, match="whole arrays"):
        one.restore(msgspec.msgpack.encode(parts))
