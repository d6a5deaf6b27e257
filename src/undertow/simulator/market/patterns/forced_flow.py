"""Liquidation cascades: forced market orders on every perp of an asset feed each other."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedOrder
from undertow.simulator.market.scene import Scene

MOST_LEVELS = 8
REBOUND = 0.25


def plan_long_cascade(scene: Scene) -> Plan | None:
    """Longs are liquidated: forced selling for 6 to 18 s, overshoot of the perps, a rebound."""
    return _cascade(scene, TruthKind.LONG_CASCADE, -1)


def plan_short_cascade(scene: Scene) -> Plan | None:
    """Shorts are liquidated: the mirror image."""
    return _cascade(scene, TruthKind.SHORT_CASCADE, 1)


def _cascade(scene: Scene, kind: TruthKind, side: int) -> Plan | None:
    if not scene.open_assets:
        return None
    asset = scene.pick(scene.open_assets)
    length = scene.steps(6.0, 18.0)
    orders = []
    for instrument in scene.listing.perps_of(asset):
        orders += _forced_orders(scene, instrument, side, length)
    move = side * scene.move(asset, 2.0, 4.0)
    flows = tuple(PlannedFlow(i, side, 1.5) for i in scene.listing.instruments_of(asset))
    return Plan(
        kind,
        asset,
        -1,
        side,
        scene.step,
        scene.step + length,
        drift=move / length,
        afterwards=-REBOUND * move,
        dislocation=0.3 * move / length,
        stress=1.0,
        flows=flows,
        orders=tuple(orders),
    )


def _forced_orders(scene: Scene, instrument: int, side: int, length: int) -> list[PlannedOrder]:
    # Gaps shrink as the cascade runs: the first orders set off the next.
    orders = []
    step = scene.step
    while step < scene.step + length:
        lots = scene.level_lots(instrument, scene.between(0.5, 3.0))
        orders.append(scene.order(instrument, side, step, (lots, MOST_LEVELS), forced=True))
        left = 1.0 - (step - scene.step) / length
        step += scene.steps(0.2, 0.6 + 1.2 * left)
    return orders
