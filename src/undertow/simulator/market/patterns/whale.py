"""A whale: a burst of large market orders of one side on one instrument."""

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan
from undertow.simulator.market.scene import Scene

MOST_LEVELS = 10


def plan_whale(scene: Scene) -> Plan | None:
    """4 to 9 orders, each worth 3 to 8 book levels, 0.4 to 1.6 s apart; price gives way, stays."""
    if not scene.open_instruments:
        return None
    instrument = scene.pick(scene.open_instruments)
    asset = int(scene.listing.asset[instrument])
    side = scene.side()
    step = scene.step
    orders = []
    for _ in range(int(scene.rng.integers(4, 10))):
        lots = scene.level_lots(instrument, scene.between(3.0, 8.0))
        orders.append(scene.order(instrument, side, step, (lots, MOST_LEVELS)))
        step += scene.steps(0.4, 1.6)
    length = orders[-1].step - scene.step + 1
    reach = float(scene.listing.weight[instrument]) ** 0.5
    move = side * reach * scene.move(asset, 0.3, 0.8)
    return Plan(
        TruthKind.WHALE,
        asset,
        instrument,
        side,
        scene.step,
        scene.step + length,
        drift=move / length,
        afterwards=0.3 * move,
        orders=tuple(orders),
    )
