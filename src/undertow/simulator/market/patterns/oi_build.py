"""Contracts are opened against the flow at a floor (absorption) or a ceiling (distribution)."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedLeg
from undertow.simulator.market.scene import Scene


def plan_oi_build(scene: Scene) -> Plan | None:
    """A fall of 1 to 2.5 minute-sigmas in 120 to 240 s, then 300 to 900 s at the floor.

    There 0.5 to 2.5 times more perp sells come, the price has no drift and open interest grows by
    0.5 to 4 % of what it began with; then 1 to 2.5 minute-sigmas up. `side` +1 is this, -1 its
    mirror at a ceiling: the side of what follows. The record is of the stretch at the floor.
    """
    if not scene.open_assets:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    there = scene.step + scene.steps(120.0, 240.0)
    ends = there + scene.steps(300.0, 900.0)
    fall = -side * scene.move(asset, 1.0, 2.5)
    factor = scene.between(0.5, 2.5)
    opened = scene.between(0.005, 0.04)
    return Plan(
        TruthKind.OI_BUILD,
        asset,
        -1,
        side,
        scene.step,
        ends,
        magnitude=opened,
        afterwards=side * scene.move(asset, 1.0, 2.5),
        flows=tuple(PlannedFlow(i, -side, factor) for i in scene.listing.perps_of(asset)),
        legs=(PlannedLeg(scene.step, there, fall / (there - scene.step)),),
        opening=opened / (ends - there),
        found_step=there,
    )
