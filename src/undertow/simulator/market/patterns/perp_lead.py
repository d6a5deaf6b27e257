"""A move led by perps: leverage buys (or sells), spot follows at a distance, part is given back."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow
from undertow.simulator.market.scene import Scene

AHEAD = 0.5  # part of the move by which the perps run ahead
RETURN = 0.4  # part of the move that is given back


def plan_perp_lead(scene: Scene) -> Plan | None:
    """20 to 60 s of 2 to 5 times more flow of one side on every perp, 1 to 2.2 minute-sigmas."""
    if not scene.open_assets:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    length = scene.steps(20.0, 60.0)
    move = side * scene.move(asset, 1.0, 2.2)
    factor = scene.between(2.0, 5.0)
    return Plan(
        TruthKind.PERP_LEAD,
        asset,
        -1,
        side,
        scene.step,
        scene.step + length,
        magnitude=1e4 * move,
        drift=move / length,
        afterwards=-RETURN * move,
        dislocation=AHEAD * move / length,
        flows=tuple(PlannedFlow(i, side, factor) for i in scene.listing.perps_of(asset)),
    )
