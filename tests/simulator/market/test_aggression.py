import numpy as np

from undertow.simulator.market.aggression import Aggression
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.market_regime import Regime

CONFIG = MarketConfig(assets=("BTC", "SOL"))
CALM = np.zeros(3, dtype=np.int64)


def _run(listing: Listing, config: MarketConfig, blocks: int) -> tuple[np.ndarray, np.ndarray]:
    flow = Aggression(config, listing)
    rng = np.random.default_rng(7)
    arrivals = np.repeat(flow.arrivals(CALM, np.ones(2))[None], 10, axis=0)
    none = np.zeros((10, listing.count, 2), dtype=np.int64)
    alive = np.ones((10, listing.count), dtype=np.int64)
    drawn = [flow.advance(arrivals, none, alive, rng) for _ in range(blocks)]
    return np.stack([c.sum(axis=0) for c, _ in drawn]), np.stack([s.sum(axis=0) for _, s in drawn])


def test_calm_rates_are_the_configured_ones(listing: Listing) -> None:
    counts, _ = _run(listing, CONFIG, 3_000)
    found = counts.sum(axis=2).mean(axis=0)
    assert np.all(np.abs(found / listing.order_rate - 1.0) < 0.15)


def test_the_branching_ratio_shows_in_the_counts(listing: Listing) -> None:
    # Counts of long windows of a Hawkes process: variance / mean -> 1 / (1 - n) ** 2.
    counts, _ = _run(listing, CONFIG, 12_000)
    asset = counts[:, :6].sum(axis=(1, 2)).reshape(-1, 60).sum(axis=1)
    ratio = asset.var() / asset.mean()
    assert ratio > 1.5
    assert abs(1.0 - 1.0 / np.sqrt(ratio) - CONFIG.branching) < 0.1


def test_the_surprise_has_no_mean_and_no_memory(listing: Listing) -> None:
    _, surprise = _run(listing, CONFIG, 6_000)
    error = surprise.std(axis=0) / np.sqrt(len(surprise))
    assert np.all(np.abs(surprise.mean(axis=0)) < 4 * error)
    lagged = np.corrcoef(surprise[1:, 0], surprise[:-1, 0])[0, 1]
    assert abs(lagged) < 0.05


def test_trends_lean_and_stress_hurries(listing: Listing) -> None:
    flow = Aggression(CONFIG, listing)
    up = flow.arrivals(np.array([Regime.TREND_UP, Regime.CALM, Regime.CALM]), np.ones(2))
    assert np.all(up[:6, 0] > up[:6, 1])
    assert np.allclose(up[6:, 0], up[6:, 1])
    hurried = flow.arrivals(CALM, np.array([3.0, 1.0]))
    assert np.allclose(hurried[:6], 3.0 * flow.arrivals(CALM, np.ones(2))[:6])


def test_some_chase_the_price(listing: Listing) -> None:
    flow = Aggression(CONFIG, listing)
    for _ in range(10):
        flow.watch(np.array([1.0, 0.0]), 1.0)
    arrivals = flow.arrivals(CALM, np.ones(2))
    assert np.all(arrivals[:6, 0] > 1.2 * arrivals[:6, 1])
    assert np.allclose(arrivals[6:, 0], arrivals[6:, 1])
    for _ in range(200):
        flow.watch(np.zeros(2), 1.0)
    assert abs(flow.mood[0]) < 1e-3


def test_a_halted_venue_draws_nothing(listing: Listing) -> None:
    flow = Aggression(CONFIG, listing)
    alive = np.ones((10, listing.count), dtype=np.int64)
    alive[:, 2] = 0
    arrivals = np.full((10, listing.count, 2), 5.0)
    none = np.zeros((10, listing.count, 2), dtype=np.int64)
    counts, _ = flow.advance(arrivals, none, alive, np.random.default_rng(1))
    assert counts[:, 2].sum() == 0
    assert counts[:, 3].sum() > 0


def test_planned_orders_excite(listing: Listing) -> None:
    flow = Aggression(CONFIG, listing)
    planned = np.zeros((1, listing.count, 2), dtype=np.int64)
    planned[0, 3, 0] = 4
    still = np.zeros((1, listing.count, 2))
    alive = np.ones((1, listing.count), dtype=np.int64)
    flow.advance(still, planned, alive, np.random.default_rng(1))
    assert flow.excitation[3, 0] > flow.excitation[3, 1] > 0.0
    assert flow.excitation[0, 0] > 0.0
    assert not flow.excitation[6:].any()
