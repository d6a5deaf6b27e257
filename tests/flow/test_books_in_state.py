"""What is kept of books in a whole state: however rows are split, and through snapshots."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import ConfigurationError
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.synthetic_market import SyntheticMarket

Make = Callable[..., Any]
NEVER = 2**62
RATES = PatternRates(wall=120.0, spoof=120.0, long_cascade=60.0, outage=120.0)
CONFIG = FlowConfig(heat_columns=5, heat_every_s=3, imbalances_kept=7, liquidations_kept=4)


class Recording:
    """Two minutes of a synthetic market with walls, spoofs, cascades and outages."""

    def __init__(self) -> None:
        config = MarketConfig(assets=("BTC",), patterns=RATES)
        market = SyntheticMarket(config, np.random.default_rng(4))
        self.table, self.sources = market.table, market.sources
        self.rows = np.concatenate([market.next_block() for _ in range(120)])

    def state(self) -> FlowState:
        """A fresh state for it."""
        return FlowState(self.table, self.sources, CONFIG)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording()


@pytest.fixture(scope="module")
def whole(recording: Recording) -> FlowState:
    """The state after all rows in one call."""
    state = recording.state()
    state.advance(recording.rows, 0, len(recording.rows), NEVER)
    return state


def seen(state: FlowState) -> list[Any]:
    """Everything the views show of the books."""
    return [
        (
            one.tracked_walls(),
            one.heatmap().lots.tolist(),
            one.imbalances().tolist(),
            one.best_sizes().tolist(),
            one.multi_level_ofi(60).tolist(),
            one.liquidations().tolist(),
        )
        for one in (state[k] for k in range(len(state)))
    ]


def test_there_is_something_to_see(whole: FlowState) -> None:
    views = seen(whole)
    assert any(walls for walls, *_ in views)
    assert all(len(heat) == 5 for _, heat, *_ in views)
    assert any(any(flows) for *_, flows, _ in views)
    assert any(len(forced) == 4 for *_, forced in views)


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 40_000), max_size=6), restore_at=st.integers(0, 5))
def test_it_does_not_matter_how_rows_are_split(
    cuts: list[int], restore_at: int, recording: Recording, whole: FlowState
) -> None:
    rows, state = recording.rows, recording.state()
    start = 0
    for number, stop in enumerate([*sorted(min(cut, len(rows)) for cut in cuts), len(rows)]):
        start = state.advance(rows, start, stop, NEVER)
        if number == restore_at:
            saved, state = state.snapshot(), recording.state()
            state.restore(saved)
            assert state.snapshot() == saved
    assert seen(state) == seen(whole)
    assert state.digest() == whole.digest()


def test_the_best_level_of_the_multi_level_ofi_is_the_ofi(whole: FlowState) -> None:
    flows = [(one.multi_level_ofi(60)[0], one.ofi_lots(60)) for one in (whole[0], whole[1])]
    assert all(first == best for first, best in flows)


@pytest.mark.parametrize("seconds", [0, 121])
def test_a_window_of_levels_has_bounds(seconds: int, make_state: Make) -> None:
    with pytest.raises(ConfigurationError, match=r"1 \.\. 120 seconds"):
        make_state()[0].multi_level_ofi(seconds)


def test_what_is_kept_of_books_is_small(make_state: Make) -> None:
    arrays = make_state()._arrays
    names = ("samples", "walls", "heat", "heat_lots", "imbalances", "best_levels", "level_flows")
    held = sum(getattr(arrays, name).nbytes for name in (*names, "best_sizes", "forced"))
    assert held / 3 < 40_000
