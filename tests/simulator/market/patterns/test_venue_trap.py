import numpy as np

from undertow.simulator.market.fundamental import Fundamental
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.patterns.venue_trap import plan_trap
from undertow.simulator.market.scene import Scene


def test_one_perp_against_all_other_venues(scene: Scene) -> None:
    plan = plan_trap(scene)
    assert plan is not None
    listing = scene.listing
    bait = plan.flows[0]
    assert (bait.instrument, bait.side) == (plan.instrument, plan.side)
    assert listing.is_perp[bait.instrument]
    rest = plan.flows[1:]
    assert {f.side for f in rest} == {-plan.side}
    assert {int(listing.venue[f.instrument]) for f in rest} == {0, 1, 2} - {
        int(listing.venue[bait.instrument])
    }


def test_the_price_goes_against_the_bait(scene: Scene) -> None:
    plan = plan_trap(scene)
    assert plan is not None
    assert plan.afterwards * plan.side < 0.0
    assert plan.drift == 0.0


def test_a_trap_needs_two_venues() -> None:
    config = MarketConfig(assets=("BTC",), venues=("aster",))
    listing = Listing(config)
    rng = np.random.default_rng(1)
    sigma = Fundamental(config, listing, rng).move_sigma
    book = np.ones((2, 2, 20, 2), dtype=np.int64)
    assert plan_trap(Scene(listing, sigma, book, 0, rng)) is None
