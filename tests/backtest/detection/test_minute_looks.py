from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.backtest.detection.day_result import DayResult
from undertow.backtest.detection.minute_looks import (
    divergence_by,
    leader_by,
    look_for_opening,
    look_for_trap,
)
from undertow.backtest.detection.stored_series import minutes_between, unpack_series
from undertow.flow.asset_series import AssetSeries
from undertow.flow.conviction import Leader
from undertow.flow.cvd_divergence import DivergenceRules
from undertow.flow.minute_flow import MinuteFlow

COUNT = 200


def _flow(seed: int, last: float = 0.0, minutes: int = 10) -> MinuteFlow:
    # Balanced flow with noise; in the last minutes `last` dollars more are bought.
    rng = np.random.default_rng(seed)
    buy, sell = 1e5 + 1e3 * rng.standard_normal((2, COUNT))
    buy[-minutes:] += last
    return MinuteFlow(buy / 100.0, sell / 100.0, buy, sell, np.ones(COUNT, np.int64))


@pytest.fixture
def series(short_day: DayResult) -> AssetSeries:
    # A stored series of the right shape with invented, quiet contents.
    stored = unpack_series(short_day.minutes)
    ends = stored.time_ns[0] + 60_000_000_000 * np.arange(COUNT, dtype=np.int64)
    rng = np.random.default_rng(1)
    returns = 1e-4 * rng.standard_normal(COUNT)
    return msgspec.structs.replace(
        stored,
        time_ns=ends,
        price=100.0 * np.exp(np.cumsum(returns)),
        returns=returns,
        total=_flow(2),
        spot=_flow(3),
        perp=_flow(12),
        venues=dict(zip(stored.venues, map(_flow, (12, 26, 18)), strict=True)),
        open_interest_change=rng.standard_normal(COUNT),
    )


def test_spot_that_buys_alone_leads(series: AssetSeries) -> None:
    moved = msgspec.structs.replace(series, spot=_flow(3, 5e4))
    sign = leader_by(Leader.SPOT_LED, 5)(moved, {})
    assert sign is not None
    assert (sign.side, sign.score > 3.0) == (1, True)
    assert leader_by(Leader.PERP_LED, 5)(moved, {}) is None


def test_perps_that_sell_alone_lead(series: AssetSeries) -> None:
    moved = msgspec.structs.replace(series, perp=_flow(12, -5e4))
    shared: dict[str, Any] = {}
    sign = leader_by(Leader.PERP_LED, 5)(moved, shared)
    assert sign is not None
    assert sign.side == -1
    assert list(shared) == ["conviction 5"]


def test_a_venue_bought_alone_is_a_trap_on_its_side(series: AssetSeries) -> None:
    venues = {**series.venues, "borea": _flow(6, 4e4)}
    sign = look_for_trap(5)(msgspec.structs.replace(series, venues=venues), {})
    assert sign is not None
    assert (sign.side, sign.score > 3.0) == (1, True)


def test_contracts_opened_against_sells_at_a_floor(series: AssetSeries) -> None:
    opened = series.open_interest_change.copy()
    opened[-20:] += 20.0
    # A fall to the floor, which then holds.
    returns = series.returns.copy()
    returns[-60:-25] -= 2e-4
    returns[-25:] = 0.0
    moved = msgspec.structs.replace(
        series,
        open_interest_change=opened,
        perp=_flow(12, -5e4, 20),
        returns=returns,
        price=100.0 * np.exp(np.cumsum(returns)),
    )
    sign = look_for_opening(moved, {})
    assert sign is not None
    assert (sign.side, sign.score > 1.0) == (1, True)
    assert look_for_opening(series, {}) is None


def test_a_divergence_is_told_in_the_minute_that_confirms_it_and_only_then(
    series: AssetSeries,
) -> None:
    look = divergence_by(DivergenceRules(swing=2))
    told = []
    for k in range(80, COUNT + 1):
        sign = look(minutes_between(series, 0, k), {})
        if sign is not None:
            told.append(k)
            assert abs(sign.side) == 1
            assert sign.score > 0.0
    assert 1 <= len(told) <= 60
