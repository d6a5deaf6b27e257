import msgspec
import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.asset_spec import ASSETS
from undertow.simulator.market.fundamental import SECONDS_PER_YEAR, Fundamental
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.market_regime import VOLATILITY, Regime

CALM = np.zeros(3, dtype=np.int64)
STILL = np.zeros((10, 3))


def _fundamental(listing: Listing, **changes: float) -> Fundamental:
    config = msgspec.convert({"assets": ("BTC", "SOL"), **changes}, MarketConfig)
    return Fundamental(config, listing, np.random.default_rng(1))


def _moves(model: Fundamental, regime: np.ndarray, blocks: int, seed: int = 2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    surprise = np.zeros((10, 2))
    paths = [model.advance(regime, STILL, surprise, 0.1, rng) for _ in range(blocks)]
    return np.diff(np.concatenate(paths), axis=0)


def test_total_volatility_is_the_configured_one(listing: Listing) -> None:
    model = _fundamental(listing)
    yearly = model.total_sigma * np.sqrt(SECONDS_PER_YEAR) * 100
    assert np.allclose(yearly, [50.0, 85.0])


def test_calm_moves_have_the_calm_volatility(listing: Listing) -> None:
    model = _fundamental(listing, impact_share=0.0)
    moves = _moves(model, CALM, 4_000)
    expected = model.total_sigma * VOLATILITY[Regime.CALM] * np.sqrt(0.1)
    assert np.all(np.abs(moves.std(axis=0) / expected - 1.0) < 0.25)


def test_assets_move_together(listing: Listing) -> None:
    moves = _moves(_fundamental(listing), CALM, 2_000)
    assert 0.4 < np.corrcoef(moves.T)[0, 1] < 0.95


def test_a_trend_drifts_and_a_range_returns(listing: Listing) -> None:
    model = _fundamental(listing)
    up = np.full(3, Regime.TREND_UP)
    assert _moves(model, up, 600).sum(axis=0).min() > 0
    model.set_anchor(0)
    model.own[0] += 0.05
    _moves(model, np.full(3, Regime.RANGE), 600)
    assert abs(model.own[0] - model.anchor[0]) < 0.01


def test_only_the_surprise_in_the_flow_moves_the_price(listing: Listing) -> None:
    calm, moved = _fundamental(listing), _fundamental(listing)
    surprise = np.zeros((10, 2))
    surprise[3, 1] = 5.0
    a = calm.advance(CALM, STILL, np.zeros((10, 2)), 0.1, np.random.default_rng(3))
    b = moved.advance(CALM, STILL, surprise, 0.1, np.random.default_rng(3))
    difference = b - a
    assert np.allclose(difference[:, 0], 0.0, atol=1e-15)
    assert (difference[3:, 1] > 0).all()
    assert np.allclose(difference[:3, 1], 0.0, atol=1e-15)


def test_push_is_released_slowly_and_whole(listing: Listing) -> None:
    model = _fundamental(listing, market_volatility_percent=0.0, impact_share=0.0)
    model.sigma[:] = 0.0
    model._noise_sigma[:] = 0.0
    model.push[0] = 0.01
    start = model.log_prices()[0]
    first = model.advance(CALM, STILL, np.zeros((10, 2)), 0.1, np.random.default_rng(1))
    assert 0.0 < first[-1, 0] - start < 0.001
    _moves(model, CALM, 300)
    assert model.log_prices()[0] - start == pytest.approx(0.01, rel=1e-3)


def test_too_quiet_an_asset_is_refused() -> None:
    still = msgspec.structs.replace(ASSETS[0], volatility_percent=40.0)
    config = MarketConfig(assets=("BTC",), asset_specs=(still,))
    with pytest.raises(ConfigurationError, match="more volatile than its share"):
        Fundamental(config, Listing(config), np.random.default_rng(1))
