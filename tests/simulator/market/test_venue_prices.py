import numpy as np

from undertow.simulator.market.listing import Listing
from undertow.simulator.market.venue_prices import VenuePrices

CALM = np.zeros(3, dtype=np.int64)
SIGMA = np.array([1e-4, 2e-4])


def _prices(listing: Listing) -> VenuePrices:
    return VenuePrices(listing, np.zeros(2), SIGMA, np.random.default_rng(1))


def test_spot_has_no_basis(listing: Listing) -> None:
    basis = _prices(listing).basis()
    assert not basis[~listing.is_perp].any()
    assert basis[listing.is_perp].all()


def test_ticks_are_the_reference_at_a_log_price_of_zero(listing: Listing) -> None:
    ticks = _prices(listing).ticks()
    assert np.isclose(ticks[0], 9_500_000.0)


def test_the_leader_follows_a_jump_first(listing: Listing) -> None:
    prices = _prices(listing)
    before = prices.log_price.copy()
    jump = np.full((10, 2), 0.01)
    path = prices.advance(jump, CALM, np.zeros(2), np.random.default_rng(2))
    moved = np.log(path / np.exp(before) * listing.tick / listing.reference)
    assert moved[2, 1] > moved[2, 3] > moved[2, 5] > 0.0
    assert abs(moved[-1, 1] - 0.01) < 0.001


def test_prices_stay_with_the_fundamental(listing: Listing) -> None:
    prices = _prices(listing)
    rng = np.random.default_rng(3)
    walk = np.cumsum(1e-4 * rng.standard_normal((20_000, 2)), axis=0)
    gaps = []
    for k in range(0, 20_000, 10):
        prices.advance(walk[k : k + 10], CALM, np.zeros(2), rng)
        gaps.append(prices.log_price - walk[k + 9][listing.asset])
    assert np.abs(gaps).max() < 0.0025
    assert np.ptp(walk[:, 0]) > 0.008


def test_a_dislocation_passes(listing: Listing) -> None:
    prices = _prices(listing)
    rng = np.random.default_rng(4)
    prices.advance(np.zeros((10, 2)), CALM, np.array([-0.002, 0.0]), rng)
    assert prices.dislocation.tolist() == [-0.002, 0.0]
    for _ in range(200):
        prices.advance(np.zeros((10, 2)), CALM, np.zeros(2), rng)
    assert abs(prices.dislocation[0]) < 1e-5
