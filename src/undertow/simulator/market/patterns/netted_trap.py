"""A netted trap: one venue is bought hard while the others sell as much, the sum is flat."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow
from undertow.simulator.market.scene import Scene


def plan_netted_trap(scene: Scene) -> Plan | None:
    """45 to 120 s of 2 to 6 times more flow of one side on one perp (the bait).

    All markets of the other venues together get 0.8 to 1.2 times as many more orders of the other
    side; then 0.7 to 1.4 minute-sigmas against the bait. Needs two venues. `side` is the bait's.
    """
    listing = scene.listing
    if not scene.open_assets or len(listing.venues) < 2:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    bait = scene.pick(listing.perps_of(asset))
    factor = scene.between(2.0, 6.0)
    others = [i for i in listing.instruments_of(asset) if listing.venue[i] != listing.venue[bait]]
    weight = float(listing.order_rate[bait]) / sum(float(listing.order_rate[i]) for i in others)
    against = factor * weight * scene.between(0.8, 1.2)
    move = -side * scene.move(asset, 0.7, 1.4)
    return Plan(
        TruthKind.NETTED_TRAP,
        asset,
        bait,
        side,
        scene.step,
        scene.step + scene.steps(45.0, 120.0),
        magnitude=1e4 * move,
        afterwards=move,
        flows=(
            PlannedFlow(bait, side, factor),
            *(PlannedFlow(i, -side, against) for i in others),
        ),
    )
