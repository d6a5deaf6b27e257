"""An outage: one venue halts, both its feeds say so, and snapshots follow when it is back."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan
from undertow.simulator.market.scene import STEPS_PER_S, Scene


def plan_outage(scene: Scene) -> Plan | None:
    """5 to 20 s without a trade, a book update or anything else from one venue."""
    if not scene.open_venues:
        return None
    length = scene.steps(5.0, 20.0)
    return Plan(
        TruthKind.OUTAGE,
        scene.listing.asset_count,
        -1,
        0,
        scene.step,
        scene.step + length,
        magnitude=length / STEPS_PER_S,
        venue=scene.pick(scene.open_venues),
    )
