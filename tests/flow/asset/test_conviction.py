"""Spot or leverage: who leads, and by how much."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.conviction import Leader, conviction, imbalances, lead_minutes
from undertow.stats.robust import modified_z_score

Make = Callable[..., Any]
MINUTES = 300


def market(make_series: Make, spot: float, perp: float, drift: float = 0.0) -> Any:
    """Noise in both markets; the last 30 minutes are pushed by so many of its deviations."""
    rng = np.random.default_rng(11)
    deltas = []
    for push, size in ((spot, 1.0), (perp, 50.0)):
        delta = rng.normal(0.0, 1.0, MINUTES)
        delta[-30:] += push - delta[-30:].mean()
        deltas.append((delta * size, np.full(MINUTES, 10.0 * size)))
    steps = np.zeros(MINUTES)
    steps[-30:] = drift / 30
    flows = {
        name: make_flow(make_series, *pair)
        for name, pair in zip(("spot", "perp"), deltas, strict=True)
    }
    return make_series(100 * np.exp(np.cumsum(steps)), **flows)


def make_flow(make_series: Make, delta: Any, volume: Any) -> Any:
    flow = make_series(np.ones(len(delta)), total=delta).total
    return type(flow)(
        flow.buy_base, flow.sell_base, (volume + delta) / 2, (volume - delta) / 2, flow.members
    )


LEADS = (
    ((1.0, 0.0, 0.01), Leader.SPOT_LED, 1),
    ((0.0, 1.0, 0.01), Leader.PERP_LED, -1),
    ((0.0, 1.0, -0.01), Leader.PERP_LED, 0),
    ((1.0, 1.0, 0.01), Leader.MIXED, 1),
    ((1.0, -1.0, 0.01), Leader.OPPOSED, 1),
    ((0.0, 0.0, 0.0), Leader.NONE, 0),
)
"""Pushes of spot and perpetuals and the drift of the price, who leads, what it supports."""


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize(("pushes", "leader", "side"), LEADS)
def test_who_leads_and_what_it_supports(
    pushes: tuple[float, float, float], leader: Leader, side: int, way: int, make_series: Make
) -> None:
    spot, perp, drift = (way * push for push in pushes)
    found = conviction(market(make_series, spot, perp, drift))
    assert found.leader is leader
    assert found.side == side * way
    assert found.has_reversal_risk == (leader is Leader.PERP_LED and side != 0)
    assert found.price_change == pytest.approx(np.expm1(drift))
    assert 0.0 <= found.strength <= 1.0
    assert (found.strength > 0.0) == (leader is not Leader.NONE)


def test_each_market_is_measured_in_its_own_volume(make_series: Make) -> None:
    series = market(make_series, 1.0, 0.3)
    found = conviction(series)
    for name in ("spot", "perp"):
        flow = getattr(series, name)
        delta = np.convolve(flow.delta_usd, np.ones(30), "valid")
        share = delta / np.convolve(flow.volume_usd, np.ones(30), "valid")
        assert getattr(found, name) == pytest.approx(share[-1])
        wanted = modified_z_score(share[-1], share[:-1][-240:])
        assert getattr(found, f"{name}_z") == pytest.approx(wanted)
    assert np.isnan(imbalances(make_flow(make_series, np.zeros(9), np.zeros(9)), 3)).all()


@pytest.mark.parametrize("shift", [-3, -1, 0, 2])
def test_the_lead_is_the_planted_one(shift: int, make_series: Make) -> None:
    rng = np.random.default_rng(5)
    cause = rng.normal(0.0, 1.0, 200)
    spot = make_flow(make_series, cause[20:-20], np.full(160, 50.0))
    later = np.roll(cause, shift)[20:-20] + rng.normal(0.0, 0.8, 160)
    perp = make_flow(make_series, later, np.full(160, 50.0))
    assert lead_minutes(spot, perp) == shift


def test_unrelated_or_few_minutes_have_no_lead(make_series: Make) -> None:
    rng = np.random.default_rng(6)
    volume = np.full(160, 50.0)
    spot, perp = (make_flow(make_series, rng.normal(0.0, 1.0, 160), volume) for _ in range(2))
    assert isnan(lead_minutes(spot, perp))
    short = make_flow(make_series, np.ones(50), volume[:50])
    assert isnan(lead_minutes(short, short))
    still = make_flow(make_series, np.zeros(160), volume)
    assert isnan(lead_minutes(still, still))
    holes = rng.normal(0.0, 1.0, 160)
    holes[:140] = np.nan
    assert isnan(lead_minutes(make_flow(make_series, holes, volume), perp))


def test_a_missing_market_or_past_gives_no_signal(make_series: Make) -> None:
    one_sided = conviction(make_series(np.ones(200), spot=np.zeros(200)))
    assert one_sided.leader is Leader.NONE
    assert one_sided.shortfall is not None
    assert "perpetual" in one_sided.shortfall.metric
    short = conviction(make_series(np.ones(80), spot=np.ones(80), perp=np.ones(80)))
    assert (short.side, short.is_sufficient) == (0, False)
    with pytest.raises(CallerError, match="threshold > lag"):
        conviction(make_series(np.ones(3)), lag=9.0)
