"""Rows of different venues received at one time may come in any order."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.flow.flow_state import FlowState
from undertow.timeline.merge import MergedSources

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_000 * S
VENUES = ("alpha", "beta", "gamma")


def table() -> InstrumentTable:
    step = Step.of("0.01")
    return InstrumentTable(
        [
            Instrument("BTC/USDT", venue, "BTC", MarketKind.SPOT, "BTC", "USDT", "USDT", step, step)
            for venue in VENUES
        ]
    )


def rows_of(seed: int, count: int) -> EventArray:
    """Trades and quotes of three venues; ten of them share each receive time."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, EVENT)
    times = T0 + np.arange(count) // 10 * 400_000_000
    rows["receive_time_ns"] = times
    rows["event_time_ns"] = times - rng.integers(1_000_000, 900_000_000, count)
    rows["source"] = rows["instrument"] = rng.integers(0, 3, count)
    is_quote = rng.random(count) < 0.3
    rows["kind"] = np.where(is_quote, EventKind.QUOTE, EventKind.TRADE)
    rows["side"] = np.where(is_quote, 0, rng.choice([-1, 1], count))
    rows["price_ticks"] = rng.integers(990, 1_000, count)
    rows["qty_lots"] = rng.integers(1, 9, count)
    rows["price_b"] = np.where(is_quote, 1_010, 0)
    rows["qty_b"] = np.where(is_quote, 5, 0)
    return rows


def permuted(rows: EventArray, seed: int) -> EventArray:
    """Rows of one receive time in another order, each source's own order kept."""
    rng = np.random.default_rng(seed)
    parts = []
    for start in range(0, len(rows), 10):
        group = rows[start : start + 10]
        parts.append(group[np.argsort(rng.permutation(3)[group["source"]], kind="stable")])
    return np.concatenate(parts)


def seen(rows: EventArray) -> tuple[bytes, list[Any]]:
    state = FlowState(table(), VENUES)
    for index in range(3):
        state.subscribe_bars(index, 60)
    bars, i = [], 0
    while i < len(rows):
        i = state.advance(rows, i, len(rows), 2**62)
        bars += state.closed_bars()
    return state.digest(), sorted(bars, key=lambda bar: (bar.close_time_ns, bar.instrument))


@given(st.integers(0, 99), st.integers(0, 99))
@settings(deadline=None, max_examples=25)
def test_any_order_within_one_receive_time_gives_the_same_state(seed: int, order: int) -> None:
    rows = rows_of(seed, 800)
    assert seen(permuted(rows, order)) == seen(rows)


@given(st.integers(0, 99))
@settings(deadline=None, max_examples=10)
def test_the_merge_puts_any_arrival_of_the_sources_into_one_order(seed: int) -> None:
    rows = rows_of(seed, 400)
    sources = [rows[rows["source"] == rank] for rank in range(3)]
    by_rank = np.argsort(rows["source"], kind="stable")
    by_rank = by_rank[np.argsort(rows["receive_time_ns"][by_rank], kind="stable")]
    merged = np.concatenate(list(MergedSources([iter([one]) for one in sources])))
    assert merged.tobytes() == rows[by_rank].tobytes()
