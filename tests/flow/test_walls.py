"""Walls as they are read, their scores, and planted walls and spoofs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.backtest.recording import open_recordings
from undertow.domain.instrument import MarketKind
from undertow.domain.side import Side
from undertow.flow.flow_state import FlowState
from undertow.flow.walls import Wall, honest_walls, tracked_walls
from undertow.kernels.flow.layout import WALL
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.synthetic_market import SyntheticMarket

Make = Callable[..., Any]
NEVER = 2**62


def wall(**changed: Any) -> Wall:
    """A wall of bids that has rested for a minute."""
    facts: dict[str, Any] = {
        "side": Side.BUY, "price_ticks": 100, "price": 10.0, "lots": 500, "usd": 5000.0,
        "since_ns": 0, "age_s": 60, "rested_s": 60, "absent_s": 0, "largest_lots": 500,
        "consumed_lots": 0, "cancelled_lots": 0, "near_cancelled_lots": 0, "is_resting": True,
    }  # fmt: skip
    return Wall(**{**facts, **changed})


@pytest.mark.parametrize(
    ("changed", "share", "cancel"),
    [
        ({}, 1.0, 0.0),
        ({"rested_s": 30, "absent_s": 30}, 0.5, 0.0),
        ({"rested_s": 0}, 0.0, 0.0),
        ({"near_cancelled_lots": 500, "cancelled_lots": 700}, 1.0, 0.5),
        ({"near_cancelled_lots": 500, "is_resting": False}, 1.0, 1.0),
        ({"near_cancelled_lots": 500, "is_resting": False, "consumed_lots": 500}, 1.0, 0.5),
        ({"cancelled_lots": 900}, 1.0, 0.0),
        ({"lots": 0, "is_resting": False}, 1.0, 0.0),
    ],
)
def test_persistence_is_resting_share_less_flight(
    changed: dict[str, Any], share: float, cancel: float
) -> None:
    one = wall(**changed)
    assert (one.resting_share, one.cancel_on_approach) == (share, cancel)
    assert one.persistence == share * (1.0 - cancel)
    assert one.is_spoof_like == (share * (1.0 - cancel) < 0.5)


def test_the_filter_wants_age_rest_and_persistence() -> None:
    good = wall()
    bad = (wall(age_s=29), wall(is_resting=False), wall(rested_s=29, absent_s=31))
    assert honest_walls((bad[0], good, *bad[1:]), 0.5, 30) == (good,)


@pytest.mark.parametrize(
    ("kind", "usd"), [(MarketKind.LINEAR, 250 * 0.001 * 10_000.1), (MarketKind.INVERSE, 25_000.0)]
)
def test_rows_are_read_in_the_instruments_units(
    kind: MarketKind, usd: float, make_instrument: Make
) -> None:
    rows = np.zeros((2, 4), WALL)
    rows[0, 2]["ticks"], rows[0, 2]["lots"] = 100_001, 250
    rows[0, 2]["since_s"], rows[0, 2]["seen_s"], rows[0, 2]["is_resting"] = 70, 100, 1
    rows[1, 0]["ticks"], rows[1, 0]["lots"], rows[1, 0]["seen_s"] = 100_050, 900, 99
    rows[1, 0]["is_resting"] = 1
    ask, bid = tracked_walls(rows, 100, make_instrument(kind, "v"))
    assert (bid.side, ask.side) == (Side.BUY, Side.SELL)
    assert bid.price == pytest.approx(10_000.1)
    assert bid.usd == pytest.approx(usd)
    assert (bid.age_s, bid.since_ns, bid.is_resting) == (30, 70 * 10**9, True)
    assert not ask.is_resting  # out of sight at the last look


def test_without_a_book_there_are_no_walls(make_state: Make) -> None:
    state = make_state()
    assert state[0].walls() == state[0].tracked_walls() == ()
    assert np.isnan(state[0].wall_threshold_lots)


@pytest.fixture(scope="module")
def planted() -> dict[TruthKind, list[tuple[Wall | None, bool]]]:
    """For each planted wall and spoof: how it looked last, and whether the spoof filter let it
    through while it stood.
    """
    rates = msgspec.structs.replace(PatternRates.none(), wall=40.0, spoof=40.0)
    market = SyntheticMarket(
        MarketConfig(assets=("BTC",), patterns=rates, has_regimes=False), np.random.default_rng(3)
    )
    state = FlowState(market.table, market.sources)
    seen: dict[tuple[int, int], list[tuple[int, Wall, bool]]] = {}
    for _ in range(900):
        rows = market.next_block()
        state.advance(rows, 0, len(rows), NEVER)
        for k in range(len(state)):
            honest = state[k].walls()
            for one in state[k].tracked_walls():
                entry = (state.now_ns, one, one in honest)
                seen.setdefault((k, one.price_ticks), []).append(entry)
    out: dict[TruthKind, list[tuple[Wall | None, bool]]] = {}
    for record in market.truth:
        note = dict(pair.split("=") for pair in record.note.split())
        if "outcome" not in note:  # a regime, or still standing
            continue
        kind = record.kind if note["outcome"] != "held" else TruthKind.WALL
        looks = [
            (one, ok)
            for time_ns, one, ok in seen.get((record.instrument, int(note["ticks"])), [])
            if record.start_ns <= time_ns <= record.end_ns + 3 * 10**9
        ]
        last = looks[-1][0] if looks else None
        out.setdefault(kind, []).append((last, any(ok for _, ok in looks)))
    return out


def test_a_spoof_that_fled_is_worth_nothing(planted: Any) -> None:
    spoofs = [last for last, _ in planted[TruthKind.SPOOF] if last is not None]
    assert len(spoofs) >= 4
    assert all(one.cancel_on_approach > 0.9 and one.is_spoof_like for one in spoofs)
    assert all(one.near_cancelled_lots > 0 for one in spoofs)


def test_walls_that_stand_pass_the_filter(planted: Any) -> None:
    walls = planted[TruthKind.WALL]
    assert len(walls) >= 4
    assert sum(passed for _, passed in walls) >= len(walls) / 2


@pytest.mark.recorded
def test_walls_of_a_recorded_market(recorded: Path) -> None:
    path = recorded / "hftbacktest" / "usdm" / "btcusdt_20240808.gz"
    recordings = open_recordings([f"binance.usdm={path}"])
    state = FlowState(recordings.table, ["binance.usdm"])
    for rows in recordings.sources[0].chunks(100_000):
        state.advance(rows, 0, len(rows), NEVER)
    walls = state[0].walls()
    # Two round prices were offered in size for minutes: 31 and 29 million dollars.
    assert [one.price for one in walls[:2]] == [61_800.0, 61_730.6]
    assert all(one.side is Side.SELL and one.usd > 25e6 and one.age_s > 120 for one in walls[:2])
    assert walls[0].persistence == 1.0
    assert len(walls) < 12
