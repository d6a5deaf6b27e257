"""A sweep: one market order that takes many levels at the same instant."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan
from undertow.simulator.market.scene import Scene


def plan_sweep(scene: Scene) -> Plan | None:
    """One order through 6 to 12 levels; part of the move stays."""
    if not scene.open_instruments:
        return None
    instrument = scene.pick(scene.open_instruments)
    asset = int(scene.listing.asset[instrument])
    side = scene.side()
    levels = int(scene.rng.integers(6, 13))
    lots = scene.level_lots(instrument, 50.0)  # more than the levels hold: the levels end it
    order = scene.order(instrument, side, scene.step, (lots, levels))
    return Plan(
        TruthKind.SWEEP,
        asset,
        instrument,
        side,
        scene.step,
        scene.step + 1,
        drift=side * scene.move(asset, 0.1, 0.3),
        orders=(order,),
    )
