import numpy as np

from undertow.simulator.market.fundamental import Fundamental
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.patterns.netted_trap import plan_netted_trap
from undertow.simulator.market.scene import Scene


def test_the_other_venues_take_the_other_side_as_much(scene: Scene) -> None:
    rates = scene.listing.order_rate
    for _ in range(20):
        plan = plan_netted_trap(scene)
        assert plan is not None
        bait, *others = plan.flows
        against = sum(f.factor * float(rates[f.instrument]) for f in others)
        assert 0.8 <= against / (bait.factor * float(rates[bait.instrument])) <= 1.2
        assert {f.side for f in others} == {-plan.side}
        venue = scene.listing.venue
        assert venue[bait.instrument] not in {venue[f.instrument] for f in others}


def test_the_price_goes_against_the_bait(scene: Scene) -> None:
    plan = plan_netted_trap(scene)
    assert plan is not None
    assert plan.afterwards * plan.side < 0.0


def test_a_trap_needs_two_venues() -> None:
    config = MarketConfig(assets=("BTC",), venues=("aster",))
    listing = Listing(config)
    rng = np.random.default_rng(1)
    sigma = Fundamental(config, listing, rng).move_sigma
    book = np.ones((2, 2, 20, 2), dtype=np.int64)
    assert plan_netted_trap(Scene(listing, sigma, book, 0, rng)) is None
