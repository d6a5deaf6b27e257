import msgspec
import numpy as np
import pytest

from undertow.backtest.detection.day_result import DayResult
from undertow.backtest.detection.detector import MinuteLook, Sign
from undertow.backtest.detection.minute_looks import (
    MINUTES,
    divergence_by,
    leader_by,
    opening_by,
    trap_by,
    unusual,
)
from undertow.backtest.detection.stored_series import minutes_between, unpack_series
from undertow.flow.asset_series import AssetSeries
from undertow.flow.conviction import Leader, conviction
from undertow.flow.cvd_divergence import DivergenceRules, cvd_divergences
from undertow.flow.minute_flow import MinuteFlow
from undertow.flow.oi_regime import RegimeRules

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


def _last(look: MinuteLook, series: AssetSeries) -> Sign | None:
    return dict(look(series)).get(COUNT - 1)


def test_spot_that_buys_alone_leads(series: AssetSeries) -> None:
    moved = msgspec.structs.replace(series, spot=_flow(3, 5e4))
    sign = _last(leader_by(Leader.SPOT_LED, 5, 0.5), moved)
    assert sign is not None
    assert (sign.side, sign.score > 3.0) == (1, True)
    assert _last(leader_by(Leader.PERP_LED, 5, 0.5), moved) is None


def test_perps_that_sell_alone_lead(series: AssetSeries) -> None:
    moved = msgspec.structs.replace(series, perp=_flow(12, -5e4))
    sign = _last(leader_by(Leader.PERP_LED, 5, 0.5), moved)
    assert sign is not None
    assert sign.side == -1


def test_a_venue_bought_alone_is_a_trap_on_its_side(series: AssetSeries) -> None:
    venues = {**series.venues, "borea": _flow(26, 4e4)}
    sign = _last(trap_by(5), msgspec.structs.replace(series, venues=venues))
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
    sign = _last(opening_by(RegimeRules()), moved)
    assert sign is not None
    assert (sign.side, sign.score > 1.0) == (1, True)
    assert _last(opening_by(RegimeRules()), series) is None


def _alike(found: dict[int, Sign], slow: dict[int, Sign]) -> bool:
    # Scores of equal windows may differ in the last bits by where their sums began.
    assert {k: sign.side for k, sign in found.items()} == {k: s.side for k, s in slow.items()}
    first, second = (np.array([signs[k].score for k in sorted(found)]) for signs in (found, slow))
    return np.allclose(first, second, rtol=1e-6, atol=0.0, equal_nan=True)


def test_asking_only_where_it_could_speak_leaves_nothing_out(series: AssetSeries) -> None:
    slow: dict[int, Sign] = {}
    for k in range(COUNT):
        found = conviction(minutes_between(series, max(0, k + 1 - MINUTES), k + 1), window=5)
        if found.leader is Leader.SPOT_LED:
            slow[k] = Sign(found.move_side, abs(found.spot_z))
    assert len(slow) >= 3
    assert _alike(dict(leader_by(Leader.SPOT_LED, 5, 0.5)(series)), slow)


def test_one_reading_of_the_day_has_what_each_minute_would_tell(series: AssetSeries) -> None:
    rules = DivergenceRules(swing=2)
    slow: dict[int, Sign] = {}
    for k in range(COUNT):
        part = minutes_between(series, 0, k + 1)
        for found in cvd_divergences(part, part.total, rules):
            if found.confirmed_ns == int(series.time_ns[k]):
                slow[k] = Sign(found.side, found.strength)
    assert len(slow) >= 3
    assert _alike(dict(divergence_by(rules)(series)), slow)


def test_unusual_is_against_the_past_only() -> None:
    values = np.concatenate((np.random.default_rng(1).standard_normal(300), [9.0, 0.0, -9.0]))
    found = unusual(values, 5.0)
    assert found == [300, 302]
    assert unusual(values[:301], 5.0) == [300]
