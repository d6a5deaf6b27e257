"""News: the price jumps within seconds, then volatility, flow and spreads stay up for a while."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow
from undertow.simulator.market.scene import Scene

MARKET_WIDE = 0.06  # of all news


def plan_news(scene: Scene) -> Plan | None:
    """A jump of 2.5 to 5 minute-sigmas of one asset or, rarely, of the common factor."""
    if not scene.open_assets:
        return None
    listing = scene.listing
    is_wide = scene.rng.random() < MARKET_WIDE
    component = listing.asset_count if is_wide else scene.pick(scene.open_assets)
    side = scene.side()
    length = scene.steps(1.0, 4.0)
    move = side * scene.move(component, 2.5, 5.0)
    touched = range(listing.count) if is_wide else listing.instruments_of(component)
    return Plan(
        TruthKind.NEWS,
        component,
        -1,
        side,
        scene.step,
        scene.step + length,
        magnitude=1e4 * move,
        drift=move / length,
        afterwards=0.25 * move,
        stress=2.5,
        flows=tuple(PlannedFlow(i, side, 6.0) for i in touched),
    )
