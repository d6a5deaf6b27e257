"""Flows of recorded books against the formula written out, and against the live state."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.flow_state import FlowState
from undertow.flow.level_ofi import level_ofi
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

Make = Callable[..., Any]


def test_each_bracket_of_the_formula() -> None:
    # Bid up, bid down, size changed, ask up, ask down, nothing.
    bids = [[100], [101], [100], [100], [100], [100], [100]]
    bid_sizes = [[5], [7], [4], [9], [9], [9], [9]]
    asks = [[105], [105], [105], [105], [106], [104], [104]]
    ask_sizes = [[3], [3], [3], [3], [8], [2], [2]]
    flows = level_ofi(bids, bid_sizes, asks, ask_sizes)[:, 0].tolist()
    assert flows == [7.0, -7.0, 5.0, 3.0, -2.0, 0.0]


def test_a_level_that_is_not_there_has_no_flow() -> None:
    nan = float("nan")
    bids = np.array([[100, 99], [100, nan], [100, 98]])
    asks = [[101, 102], [101, 102], [101, 102]]
    sizes, ask_sizes = [[5, 5], [6, 0], [7, 2]], [[1, 1], [1, 4], [1, 9]]
    assert level_ofi(bids, sizes, asks, ask_sizes).tolist() == [[1.0, 0.0], [1.0, 0.0]]


def test_shapes_must_agree() -> None:
    with pytest.raises(CallerError, match="one shape"):
        level_ofi([[1.0]], [[1.0]], [[1.0, 2.0]], [[1.0]])


def test_the_live_state_has_the_same_numbers() -> None:
    market = SyntheticMarket(MarketConfig(assets=("BTC",)).quiet(), np.random.default_rng(8))
    state = FlowState(market.table, market.sources)
    rows = np.concatenate([market.next_block() for _ in range(30)])
    ends = np.flatnonzero((rows["kind"] == 4) & (rows["instrument"] == 1)) + 1
    seen: list[Any] = []
    start = 0
    for end in ends.tolist():
        state.advance(rows, start, end, 2**62)
        start = end
        seen.append([state[1].depth(side, 5) for side in (Side.BUY, Side.SELL)])
    books = np.array(seen, np.float64)  # (updates, side, level, price and size)
    flows = level_ofi(*(books[:, side, :, what] for side in (0, 1) for what in (0, 1)))
    assert state[1].multi_level_ofi(60).tolist() == flows.sum(axis=0).tolist()
    assert np.abs(flows).sum(axis=0).min() > 0.0
