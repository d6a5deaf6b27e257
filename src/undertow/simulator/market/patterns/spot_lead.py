"""A move led by spot: buying (or selling) on every spot market, perps follow at a discount."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow
from undertow.simulator.market.scene import Scene

LAGGING = 0.5  # part of the move by which the perps fall behind


def plan_spot_lead(scene: Scene) -> Plan | None:
    """20 to 60 s of one-sided spot flow; a fifth of the move follows afterwards."""
    if not scene.open_assets:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    length = scene.steps(20.0, 60.0)
    move = side * scene.move(asset, 1.0, 2.2)
    return Plan(
        TruthKind.SPOT_LEAD,
        asset,
        -1,
        side,
        scene.step,
        scene.step + length,
        magnitude=1e4 * move,
        drift=move / length,
        afterwards=0.2 * move,
        dislocation=-LAGGING * move / length,
        flows=tuple(PlannedFlow(i, side, 4.0) for i in scene.listing.spots_of(asset)),
    )
