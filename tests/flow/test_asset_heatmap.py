"""Heatmaps of several venues as one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.instrument import MarketKind
from undertow.flow.asset_heatmap import asset_heatmap
from undertow.flow.flow_state import FlowState
from undertow.flow.stable_levels import stable_levels
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

Make = Callable[..., Any]


@pytest.fixture(scope="module")
def state() -> FlowState:
    """Two minutes of one synthetic asset at three venues."""
    market = SyntheticMarket(MarketConfig(assets=("SOL",)).quiet(), np.random.default_rng(2))
    made = FlowState(market.table, market.sources)
    for _ in range(125):
        rows = market.next_block()
        made.advance(rows, 0, len(rows), 2**62)
    return made


def test_no_coin_is_lost(state: FlowState) -> None:
    found = asset_heatmap(state.asset("SOL"), kind=MarketKind.LINEAR)
    members = [one for one in state.asset("SOL").members if one.instrument.is_perp]
    assert found.members == tuple(one.instrument.instrument_id for one in members)
    assert found.excluded == ()
    assert len(found.heatmap) >= 11
    stretches = found.heatmap.times_ns // 10**10
    for name in ("bid_lots", "ask_lots"):
        wanted = np.zeros(len(stretches))
        for one in members:
            own = one.heatmap()
            step = one.instrument.qty_step
            lot = step.coefficient / 10**step.digits
            taken = np.isin(own.times_ns // 10**10, stretches)
            wanted += getattr(own, name)[taken].sum(axis=1) * lot
        np.testing.assert_allclose(getattr(found.heatmap, name).sum(axis=1), wanted)


def test_rows_are_where_the_books_were(state: FlowState) -> None:
    found = asset_heatmap(state.asset("SOL"), row_bps=4.0).heatmap
    mids = [one.mid_price for one in state.asset("SOL").members]
    assert found.row_height == pytest.approx(np.median(mids) * 4e-4, rel=0.01)
    held = np.flatnonzero(found.lots.sum(axis=0))
    assert found.prices[held[0]] < min(mids) < max(mids) < found.prices[held[-1]] + found.row_height
    assert (found.seconds >= 10.0).all()
    assert stable_levels(found) == stable_levels(found)


def test_a_stretch_that_a_venue_missed_is_left_out(make_state: Make, state: FlowState) -> None:
    asset = state.asset("SOL")
    arrays = state._arrays
    before = len(asset_heatmap(asset).heatmap)
    kept = arrays.heat["sampled_s"].copy()
    arrays.heat["sampled_s"][0, 3:6] += 10**6
    assert len(asset_heatmap(asset).heatmap) == before - 3
    arrays.heat["sampled_s"][:] = kept


def test_who_is_left_out_is_named(make_state: Make) -> None:
    made = make_state()
    found = asset_heatmap(made.asset("BTC"))
    assert len(found.heatmap) == 0
    assert found.members == ()
    assert len(found.excluded) == 3


def test_a_senseless_height_is_refused(make_state: Make) -> None:
    with pytest.raises(CallerError, match="row_bps above 0"):
        asset_heatmap(make_state().asset("BTC"), row_bps=0.0)
