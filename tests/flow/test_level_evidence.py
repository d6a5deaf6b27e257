"""What is gathered from a flow, and how much it weighs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.flow.flow_state import FlowState
from undertow.flow.level_evidence import EvidenceRules, LevelKind, gather_evidence
from undertow.flow.liquidation_map import liquidation_map
from undertow.flow.swings import swings
from undertow.flow.volume_profile import volume_profile
from undertow.flow.vwap import vwap_bands
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

Make = Callable[..., Any]
NONE = np.zeros(0)


@pytest.fixture(scope="module")
def state() -> FlowState:
    """Ten minutes of one synthetic asset."""
    market = SyntheticMarket(MarketConfig(assets=("ETH",)), np.random.default_rng(11))
    made = FlowState(market.table, market.sources)
    for _ in range(600):
        rows = market.next_block()
        made.advance(rows, 0, len(rows), 2**62)
    return made


def of_kind(pieces: Any, kind: LevelKind) -> list[Any]:
    return [piece for piece in pieces if piece.kind is kind]


def test_lines_are_those_of_the_analyses(state: FlowState) -> None:
    one = state[1]
    rules = EvidenceRules(structure_s=60, reach_bps=5000.0)
    pieces = gather_evidence((one,), (), one.mid_price, rules)
    tick = one.instrument.price_float(1)
    profile = volume_profile(*one.price_volume())
    assert profile is not None
    (centre,) = of_kind(pieces, LevelKind.POINT_OF_CONTROL)
    half = (profile.row_ticks - 1) / 2
    assert centre.price == pytest.approx((profile.poc_ticks + half) * tick)
    low, high = of_kind(pieces, LevelKind.VALUE_EDGE)
    assert low.price == pytest.approx(profile.val_ticks * tick)
    assert high.price == pytest.approx((profile.vah_ticks + 2 * half) * tick)
    bands = vwap_bands(one.bars(60, 240))
    (line,) = of_kind(pieces, LevelKind.VWAP)
    assert line.price == pytest.approx(bands.vwap * tick)
    assert line.strength == pytest.approx(0.4)
    edges = [piece.price for piece in of_kind(pieces, LevelKind.VWAP_BAND)]
    assert edges == pytest.approx([bands.lower * tick, bands.upper * tick])
    points = swings(one.bars(60, 200))
    newest = next(point for point in reversed(points) if point.side > 0)
    strongest = [p for p in of_kind(pieces, LevelKind.SWING) if p.strength == pytest.approx(0.4)]
    assert any(p.price == pytest.approx(newest.ticks * tick) for p in strongest)


def test_walls_and_heat_are_those_of_the_books(state: FlowState) -> None:
    members = tuple(state[k] for k in range(len(state)))
    rules = EvidenceRules(least_age_s=5, least_persistence=0.3)
    pieces = gather_evidence(members, (), members[0].mid_price, rules)
    walls = [w for one in members for w in one.walls(least_age_s=5, least_persistence=0.3)]
    found = of_kind(pieces, LevelKind.WALL)
    assert len(found) == len(walls) > 0
    assert {piece.usd for piece in found} == {wall.usd for wall in walls}
    assert max(piece.strength for piece in found) <= 0.6
    heat = of_kind(pieces, LevelKind.HEAT)
    assert all(p.low <= p.price <= p.high and 0 < p.strength <= 0.5 for p in heat)
    assert heat


def test_clusters_weigh_by_their_dollars(state: FlowState) -> None:
    price = state[0].mid_price
    levels = (np.array([price * 0.98, price * 1.02]), np.array([6e6, 9e6]))
    one = liquidation_map("mine", 0, price * 1e-3, levels, (NONE, NONE))
    pieces = gather_evidence((), (one,), price, EvidenceRules())
    assert [piece.usd for piece in pieces] == [6e6, 9e6]
    assert [piece.strength for piece in pieces] == pytest.approx([0.7 * 6 / 9, 0.7])
    assert {piece.source for piece in pieces} == {"mine"}


def test_round_numbers_only_where_asked(state: FlowState) -> None:
    rules = EvidenceRules(round_step=50.0, reach_bps=200.0)
    pieces = gather_evidence((), (), 3000.0, rules)
    assert [piece.price for piece in pieces] == [2950.0, 3000.0, 3050.0]
    assert gather_evidence((), (), 3000.0, EvidenceRules()) == ()


def test_a_kind_without_weight_is_left_out(state: FlowState) -> None:
    rules = EvidenceRules(weights={LevelKind.VWAP: 0.3})
    pieces = gather_evidence((state[1],), (), state[1].mid_price, rules)
    assert {piece.kind for piece in pieces} == {LevelKind.VWAP}


def test_nothing_seen_is_no_evidence(make_state: Make) -> None:
    assert gather_evidence((make_state()[0],), (), 100.0, EvidenceRules()) == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"weights": {"wal": 1.0}}, "found .'wal'"),
        ({"weights": {"wall": 1.5}}, "weights of 0 to 1"),
        ({"reach_bps": 0.0}, "reach_bps above 0"),
        ({"round_step": -1.0}, "round_step"),
    ],
)
def test_senseless_rules_are_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        EvidenceRules(**changed)
