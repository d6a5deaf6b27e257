"""Exhaustion: a push by one side's market orders that runs dry, and the price gives part back."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedLeg
from undertow.simulator.market.scene import Scene


def plan_exhaustion(scene: Scene) -> Plan | None:
    """150 to 300 s of push, 1.5 to 4 minute-sigmas with 1.5 to 5 times more flow of its side.

    Then for 30 to 90 s that side's arrivals fall to between 0.1 and 0.6 of the usual on every
    market of the asset, and 0.3 to 0.6 of the push comes back. The record is of the dry stretch.
    """
    if not scene.open_assets:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    dries = scene.step + scene.steps(150.0, 300.0)
    ends = dries + scene.steps(30.0, 90.0)
    move = side * scene.move(asset, 1.5, 4.0)
    more, fewer = scene.between(1.5, 5.0), scene.between(0.1, 0.6) - 1.0
    flows = []
    for i in scene.listing.instruments_of(asset):
        flows.append(PlannedFlow(i, side, more, scene.step, dries))
        flows.append(PlannedFlow(i, side, fewer, dries, ends))
    return Plan(
        TruthKind.EXHAUSTION,
        asset,
        -1,
        side,
        scene.step,
        ends,
        magnitude=1e4 * move,
        afterwards=-move * scene.between(0.3, 0.6),
        flows=tuple(flows),
        legs=(PlannedLeg(scene.step, dries, move / (dries - scene.step)),),
        found_step=dries,
    )
