"""One object of levels: merging, targets and stops."""

import itertools
from collections.abc import Callable
from math import isnan
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.flow_state import FlowState
from undertow.flow.level_evidence import Evidence, LevelKind
from undertow.flow.magnetic_levels import MagneticLevels, magnetic_levels, merge_evidence
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

Make = Callable[..., Any]


def piece(
    price: float, strength: float, kind: LevelKind = LevelKind.SWING, usd: float = 0.0
) -> Evidence:
    """A line at a price."""
    return Evidence(kind, "x", price, price, price, strength, usd)


def levels(*pieces: Evidence) -> MagneticLevels:
    """The levels of these pieces around 100."""
    return MagneticLevels(100.0, merge_evidence(pieces, 100.0))


def test_reasons_of_different_kinds_add_up() -> None:
    near = (
        piece(100.00, 0.4),
        piece(100.01, 0.5, LevelKind.WALL, 7.0),
        piece(100.02, 0.3),
        piece(100.04, 0.2, LevelKind.LIQUIDATION, 9e6),
    )
    (level,) = merge_evidence(near, 100.02)
    assert level.strength == pytest.approx(1 - 0.6 * 0.5 * 0.8)
    weights = [0.4, 0.5, 0.3, 0.2]
    assert level.price == pytest.approx(np.average([p.price for p in near], weights=weights))
    assert (level.low, level.high) == (100.0, 100.04)
    assert level.liquidation_usd == 9e6
    assert level.kinds == {LevelKind.SWING, LevelKind.WALL, LevelKind.LIQUIDATION}
    assert level.evidence[0].kind is LevelKind.WALL
    assert level.side is Side.BUY


def test_a_level_spans_at_most_the_tolerance() -> None:
    found = merge_evidence([piece(100 + 0.03 * k, 0.5) for k in range(6)], 100.0, 5.0)
    assert [len(level.evidence) for level in found] == [2, 2, 2]
    assert [level.side for level in found] == [Side.SELL] * 3


def test_above_and_below_begin_with_the_nearest() -> None:
    made = levels(*(piece(p, 0.5) for p in (90.0, 95.0, 105.0, 110.0)))
    assert [level.price for level in made.above(100.0)] == [105.0, 110.0]
    assert [level.price for level in made.below(100.0)] == [95.0, 90.0]
    assert [level.price for level in made.above(105.0)] == [110.0]


def test_targets_are_the_largest_beyond_the_price() -> None:
    made = levels(
        piece(101.0, 0.9),
        piece(103.0, 0.6, LevelKind.LIQUIDATION, 6e6),
        piece(102.0, 0.7),
        piece(104.0, 0.3, LevelKind.LIQUIDATION, 9e6),
        piece(99.0, 0.9, LevelKind.LIQUIDATION, 50e6),
    )
    assert [level.price for level in made.targets(Side.BUY, 100.0)] == [104.0, 103.0, 101.0]
    assert [level.price for level in made.targets(Side.BUY, 100.0, 1)] == [104.0]
    assert [level.price for level in made.targets(Side.SELL, 100.0)] == [99.0]


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_profits_are_taken_just_before_the_largest_within_reach(side: Side) -> None:
    def at(bps: float) -> float:
        return 100.0 * (1 + int(side) * bps * 1e-4)

    made = levels(
        piece(at(4), 0.9),
        piece(at(40), 0.3),
        piece(at(60), 0.5),
        piece(at(80), 0.1, LevelKind.LIQUIDATION, 7e6),
        piece(at(120), 0.2, LevelKind.LIQUIDATION, 9e6),
        piece(at(300), 0.9, LevelKind.LIQUIDATION, 90e6),
    )
    found = made.take_profits(side, 100.0, most_bps=200.0)
    assert [target.level.price for target in found] == pytest.approx([at(60), at(80), at(120)])
    assert found[0].price == pytest.approx(at(60) * (1 - int(side) * 5e-4))
    assert found[0].distance_bps == pytest.approx(55.0, abs=0.1)
    assert made.take_profits(side, 100.0, 1)[0].level.price == pytest.approx(at(300))
    assert made.take_profits(side, 100.0, most_bps=10.0) == ()


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_a_stop_goes_behind_the_strongest_that_holds(side: Side) -> None:
    def at(bps: float) -> float:
        return 100.0 * (1 - int(side) * bps * 1e-4)

    made = levels(
        piece(at(5), 0.9),
        piece(at(40), 0.5),
        piece(at(60), 0.6),
        piece(at(70), 0.95, LevelKind.LIQUIDATION, 9e6),
        piece(at(90), 0.99),
    )
    stop = made.stop_behind(side, 100.0, 10.0, 80.0)
    assert stop is not None
    assert stop.level.price == pytest.approx(at(60))
    assert stop.price == pytest.approx(at(60) * (1 - int(side) * 2e-4))
    assert stop.distance_bps == pytest.approx(62.0, abs=0.1)
    assert made.stop_behind(side, 100.0, 45.0, 55.0) is None
    wide = made.stop_behind(side, 100.0, 30.0, 80.0, buffer_bps=15.0)
    assert wide is not None
    assert wide.price == pytest.approx(at(60) * (1 - int(side) * 15e-4))


def test_a_stop_range_must_be_one() -> None:
    with pytest.raises(CallerError, match="least_bps <= most_bps"):
        levels().stop_behind(Side.BUY, 100.0, 5.0, 4.0)


@given(
    st.lists(
        st.tuples(st.floats(90, 110), st.floats(0.01, 1.0), st.sampled_from(list(LevelKind))),
        max_size=30,
    )
)
def test_merging_keeps_every_piece_once_and_bounds(drawn: list[Any]) -> None:
    pieces = [piece(price, strength, kind) for price, strength, kind in drawn]
    found = merge_evidence(pieces, 100.0)
    assert sum(len(level.evidence) for level in found) == len(pieces)
    assert all(0.0 < level.strength <= 1.0 for level in found)
    assert all(level.low - 1e-9 <= level.price <= level.high + 1e-9 for level in found)
    assert found == merge_evidence(pieces[::-1], 100.0)
    prices = [level.price for level in found]
    assert prices == sorted(prices)


def test_the_sum_does_not_depend_on_the_order_of_the_pieces() -> None:
    # Three strengths whose sums differ in the last bit by their order, found by the property above.
    pieces = [piece(90.0, strength) for strength in (0.8094221297379881, 1.0, 0.34)]
    found = {merge_evidence(list(order), 100.0) for order in itertools.permutations(pieces)}
    assert len(found) == 1


def test_of_an_asset_over_its_members() -> None:
    market = SyntheticMarket(MarketConfig(assets=("ETH",)), np.random.default_rng(11))
    state = FlowState(market.table, market.sources)
    for _ in range(400):
        rows = market.next_block()
        state.advance(rows, 0, len(rows), 2**62)
    asset = state.asset("ETH")
    made = magnetic_levels(asset)
    assert made.excluded == asset.excluded
    assert len(made.levels) > 5
    mids = [member.mid_price for member in asset.healthy()]
    assert min(mids) <= made.price <= max(mids)
    kinds = {kind for level in made.levels for kind in level.kinds}
    assert {LevelKind.POINT_OF_CONTROL, LevelKind.VWAP, LevelKind.VALUE_EDGE} <= kinds
    alone = magnetic_levels(state[0])
    assert {p.source for level in alone.levels for p in level.evidence} == {
        state[0].instrument.instrument_id
    }
    state.set_source_health(0, is_healthy=False)
    assert asset.members[0].instrument.instrument_id in magnetic_levels(asset).excluded
    assert msgspec.structs.asdict(made)["levels"] == made.levels


def test_without_a_price_there_is_nothing(make_state: Make) -> None:
    state = make_state()
    made = magnetic_levels(state[0])
    assert isnan(made.price)
    assert made.levels == made.targets(Side.BUY, 1.0) == ()
    assert magnetic_levels(state.asset("BTC")).excluded == state.asset("BTC").excluded
