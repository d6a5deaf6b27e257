"""A short is the mirror of a long: turn the market upside down and the decision turns with it."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.decision.context import Context
from undertow.decision.decision import Decision
from undertow.decision.levels.regime import Structure
from undertow.strategies.scalper import Scalper

MakeContext = Callable[..., Context]
LEVEL = 10_000_000  # prices stay within a percent of it, so that ratios of them mirror too
EMBEDDED = Scalper.preset("embedded")
BY_SWINGS = msgspec.structs.replace(EMBEDDED.regime, structure=Structure.SWINGS)
SCALPER = msgspec.structs.replace(EMBEDDED, regime=BY_SWINGS)


def seconds(seed: int, drift: float) -> tuple[list[int], list[int], list[int]]:
    """Three hours of price and flow: a drift at last, a dip against it, and flow that turns."""
    rng = np.random.default_rng(seed)
    count, way = 12 * 900, np.sign(drift)
    moves = rng.normal(0.0, 600.0, count)
    moves[-1500:] += drift
    moves[-90:-25] -= 300.0 * way
    moves[-25:] += 700.0 * way
    path = LEVEL + np.cumsum(moves).astype(np.int64)
    lean = 30.0 * way * (np.arange(count) >= count - 25)
    buys, sells = (rng.poisson(10.0 + np.clip(side * lean, 0.0, None)) for side in (1, -1))
    return path.tolist(), buys.tolist(), sells.tolist()


def judged(
    context: MakeContext, flow: Any, path: list[int], buys: list[int], sells: list[int]
) -> Decision:
    flow.set_seconds(path, buys, sells)
    return SCALPER.on_check(context(state=SCALPER.new_state(), cache={}))


def numbers(decision: Decision) -> list[tuple[str, bool, str, float]]:
    return [(v.name, v.passed, v.reason, round(v.strength, 3)) for v in decision.verdicts]


def same(market: Decision, turned: Decision) -> None:
    assert (turned.outcome, turned.side) == (market.outcome, -market.side)
    assert numbers(turned) == numbers(market)
    assert turned.score == market.score
    if market.signal and turned.signal:
        signals = (market.signal, turned.signal)
        away = [one.entry_ticks - one.stop_ticks for one in signals]
        share = [(one.entry_ticks - one.stop_ticks) / one.entry_ticks for one in signals]
        # A stop mirrors in ticks when it is a level (a row of the profile is named by its low), and
        # as a share of the price when it is the widest one allowed.
        assert min(abs(sum(away)), abs(sum(share)) * LEVEL) <= 1_000
        assert turned.signal.rank == pytest.approx(market.signal.rank)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), drift=st.sampled_from([-100.0, -40.0, 40.0, 100.0]))
def test_the_scalper_mirrors(context: MakeContext, flow: Any, seed: int, drift: float) -> None:
    path, buys, sells = seconds(seed, drift)
    market = judged(context, flow, path, buys, sells)
    turned = judged(context, flow, [2 * LEVEL - one for one in path], sells, buys)
    same(market, turned)


@pytest.mark.parametrize("drift", [-40.0, 40.0])
def test_some_of_these_markets_are_traded(context: MakeContext, flow: Any, drift: float) -> None:
    found = [judged(context, flow, *seconds(seed, drift)) for seed in range(25)]
    assert {one.side for one in found if one.outcome == "enter"} == {int(np.sign(drift))}


def test_every_number_survives_the_journal(context: MakeContext, flow: Any) -> None:
    decision = judged(context, flow, *seconds(1, 100.0))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(decision), type=Decision) == decision
