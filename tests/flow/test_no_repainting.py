"""Nothing that a structure measure has published changes when more bars come.

Each case answers with its published facts: those of a prefix of the bars must be the whole's facts
that were known by then, whatever bars follow.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY, NS_PER_S
from undertow.flow.change_of_character import structure_breaks
from undertow.flow.cvd_divergence import CvdDivergence, DivergenceRules, cvd_divergences
from undertow.flow.fair_value_gap import find_fair_value_gaps
from undertow.flow.flow_state import FlowState
from undertow.flow.resistance_rejection import DEFAULT_REJECTION, level_rejection
from undertow.flow.swings import swings
from undertow.flow.zones import ZoneRules, find_zones
from undertow.indicators.swing_trend import swing_trend as swing_column
from undertow.indicators.trend_structure import trend_structure as trend_column
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

Bars = NDArray[np.void]
Facts = dict[Any, Any]
"""What was published, by what it is about and the bar at whose close it was known."""

LENGTH_NS = 60 * NS_PER_S
LOOSE = ZoneRules(volume_period=5, volume_multiple=1.0, wick_share=0.2)


def _bars(seed: int, count: int) -> Bars:
    rng = np.random.default_rng(seed)
    bars = np.zeros(count, BAR)
    close = 20_000 + np.cumsum(rng.integers(-60, 61, count))
    bars["open_time_ns"] = np.arange(count) * LENGTH_NS
    bars["open_ticks"] = np.concatenate([[20_000], close[:-1]])[:count]
    bars["close_ticks"] = close
    bars["high_ticks"] = np.maximum(bars["open_ticks"], close) + rng.integers(0, 70, count)
    bars["low_ticks"] = np.minimum(bars["open_ticks"], close) - rng.integers(0, 70, count)
    bars["buy_lots"], bars["sell_lots"] = rng.integers(0, 99, (2, count))
    return bars


def _swings(bars: Bars) -> Facts:
    return {(s.side, s.bar, s.confirmed_bar): s for s in swings(bars)}


def _breaks(bars: Bars) -> Facts:
    return {(b.known_ns, b.known_ns // LENGTH_NS - 1): b for b in structure_breaks(bars)}


def _tries(bars: Bars) -> Facts:
    found = level_rejection(bars, 20_050, 99_999, Side.BUY, DEFAULT_REJECTION).attempts
    # An attempt is over at the close of the bar after its last one.
    return {(a.start_ns, a.end_ns // LENGTH_NS): a for a in found if a.is_over}


def _gaps(bars: Bars) -> Facts:
    # A gap's edges never change; how much of it is filled only grows, and it may go.
    found = find_fair_value_gaps(bars, 0.0002, most_age_ns=NS_PER_DAY)
    return {(g.side, g.low_ticks, g.high_ticks, g.created_ns // LENGTH_NS - 1): True for g in found}


PUBLISHED: dict[str, Callable[[Bars], Facts]] = {
    "swings": _swings,
    "change_of_character": _breaks,
    "resistance_rejection": _tries,
}

COLUMNS = {"swing_trend": swing_column, "trend_structure": trend_column}
"""One value a bar."""

CASE = {"seed": st.integers(0, 500), "cut": st.integers(5, 118), "other": st.integers(501, 999)}


def _continued(seed: int, cut: int, other: int) -> Bars:
    # The first `cut` bars of one market, then another: a future that nobody could have known.
    bars = _bars(seed, 120)
    bars[cut:] = _bars(other, 120)[cut:]
    return bars


@pytest.mark.parametrize("name", PUBLISHED)
@given(**CASE)
@settings(max_examples=40, deadline=None)
def test_facts_are_only_ever_added(name: str, seed: int, cut: int, other: int) -> None:
    whole = _continued(seed, cut, other)
    facts = PUBLISHED[name](whole)
    known = {key: fact for key, fact in facts.items() if key[-1] < cut}
    assert PUBLISHED[name](whole[:cut]) == known


@pytest.mark.parametrize("name", COLUMNS)
@given(**CASE)
@settings(max_examples=20, deadline=None)
def test_columns_are_only_ever_extended(name: str, seed: int, cut: int, other: int) -> None:
    whole = _continued(seed, cut, other)
    high, low = whole["high_ticks"].astype(float), whole["low_ticks"].astype(float)
    column = COLUMNS[name](high, low)
    assert_array_equal(COLUMNS[name](high[:cut], low[:cut]), column[:cut])


@given(**CASE)
@settings(max_examples=40, deadline=None)
def test_gaps_only_close_and_fill(seed: int, cut: int, other: int) -> None:
    whole = _continued(seed, cut, other)
    before, after = _gaps(whole[:cut]), _gaps(whole)
    assert {key for key in after if key[-1] < cut} <= set(before)
    shares = {g.created_ns: g.filled_share for g in find_fair_value_gaps(whole[:cut], 0.0002)}
    for gap in find_fair_value_gaps(whole, 0.0002):
        assert gap.filled_share >= shares.get(gap.created_ns, 0.0)


@given(**CASE)
@settings(max_examples=40, deadline=None)
def test_zones_only_merge_and_break(seed: int, cut: int, other: int) -> None:
    whole = _continued(seed, cut, other)
    after = find_zones(whole, LOOSE)
    for zone in find_zones(whole[:cut], LOOSE):
        heirs = [
            heir
            for heir in after
            if heir.kind is zone.kind
            and heir.low_ticks <= zone.low_ticks
            and heir.high_ticks >= zone.high_ticks
            and heir.created_ns <= zone.created_ns
        ]
        assert heirs
        assert max(heir.tests for heir in heirs) >= zone.tests
        if zone.strength == 0:
            assert zone in after


def test_the_cases_hold_facts() -> None:
    bars = _bars(3, 120)
    for name, published in PUBLISHED.items():
        assert len(published(bars)) > 1, name
    assert sum(len(_gaps(_bars(seed, 120))) for seed in range(20)) > 3
    assert len(find_zones(bars, LOOSE)) > 1


def test_divergences_told_live_are_those_told_at_the_end() -> None:
    config = MarketConfig(assets=("BTC",), venues=("aster", "borea"), block_ns=10 * NS_PER_S)
    market = SyntheticMarket(config, np.random.default_rng(9))
    state = FlowState(market.table, market.sources)
    rules = DivergenceRules(swing=2, smooth=1)
    told: dict[int, tuple[CvdDivergence, ...]] = {}
    for block in range(150 * 6):
        rows, done = market.next_block(), 0
        while done < len(rows):
            done = state.advance(rows, done, len(rows), 2**62)
        if block % 90 == 89:
            series = state.asset("BTC").series(400)
            told[int(series.time_ns[-1])] = cvd_divergences(series, series.total, rules)
    series = state.asset("BTC").series(400)
    whole = cvd_divergences(series, series.total, rules)
    for now_ns, known in told.items():
        # As text, because a strength that is not known equals nothing.
        assert repr(known) == repr(tuple(one for one in whole if one.confirmed_ns <= now_ns))
    assert len(whole) > 2
