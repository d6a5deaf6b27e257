"""Divergence: a lower low of the price that the flow does not confirm, and its mirror image."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedLeg
from undertow.simulator.market.scene import Scene


def plan_divergence(scene: Scene) -> Plan | None:
    """Four legs of 120 to 480 s each: to a pivot, back, beyond the pivot, and away for good.

    Bullish (`side` +1): a fall of 2 to 5 minute-sigmas with 1.5 to 4 times more sells; a recovery
    of 0.4 to 0.7 of it with up to twice more buys; a fall to 0.1 to 0.6 of the first beyond the
    first low while 0.3 to 2 times more buys come, so that the cumulative delta makes a higher low;
    and a rise. The record begins at the second low and ends with the rise.
    """
    if not scene.open_assets:
        return None
    asset = scene.pick(scene.open_assets)
    side = scene.side()
    first = scene.move(asset, 2.0, 5.0)
    back = first * scene.between(0.4, 0.7)
    beyond = first * scene.between(0.1, 0.6)
    rise = first * scene.between(0.4, 0.8)
    # Moves and flow factors along `side`; negative flow is more orders of the other side.
    stretches = (
        (-first, -scene.between(1.5, 4.0)),
        (back, scene.between(1.0, 2.0)),
        (-back - beyond, scene.between(0.3, 2.0)),
        (rise, scene.between(0.5, 2.0)),
    )
    legs, flows = [], []
    step = second_low = scene.step
    for move, flow in stretches:
        second_low, ends = step, step + scene.steps(120.0, 480.0)
        legs.append(PlannedLeg(step, ends, side * move / (ends - step)))
        flows += [
            PlannedFlow(i, side if flow > 0.0 else -side, abs(flow), step, ends)
            for i in scene.listing.instruments_of(asset)
        ]
        step = ends
    return Plan(
        TruthKind.DIVERGENCE,
        asset,
        -1,
        side,
        scene.step,
        step,
        magnitude=1e4 * side * first,
        flows=tuple(flows),
        legs=tuple(legs),
        found_step=second_low,
    )
