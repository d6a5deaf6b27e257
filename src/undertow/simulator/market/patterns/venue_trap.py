"""A trap: one venue's flow says one thing, all others the opposite, and they are right."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow
from undertow.simulator.market.scene import Scene


def plan_trap(scene: Scene) -> Plan | None:
    """30 to 60 s of strong flow on one perp against the rest; then the price goes against it.

    Needs two venues. `side` is that of the misleading flow.
    """
    listing = scene.listing
    if not scene.open_assets or len(listing.venues) < 2:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    bait = scene.pick(listing.perps_of(asset))
    move = -side * scene.move(asset, 0.7, 1.4)
    flows = [PlannedFlow(bait, side, 5.0)]
    flows += [
        PlannedFlow(i, -side, 2.0)
        for i in listing.instruments_of(asset)
        if listing.venue[i] != listing.venue[bait]
    ]
    return Plan(
        TruthKind.TRAP,
        asset,
        bait,
        side,
        scene.step,
        scene.step + scene.steps(30.0, 60.0),
        magnitude=1e4 * move,
        afterwards=move,
        flows=tuple(flows),
    )
