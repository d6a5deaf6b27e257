"""Absorption: a hidden order at the best price soaks up a wave of market orders."""

from undertow.kernels.synthetic.book_layout import ASKS, BIDS, TICKS
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedWall
from undertow.simulator.market.scene import Scene


def plan_absorption(scene: Scene) -> Plan | None:
    """20 to 45 s of one-sided flow and drift into an iceberg; held, the price turns away."""
    if not scene.open_instruments:
        return None
    instrument = scene.pick(scene.open_instruments)
    asset = int(scene.listing.asset[instrument])
    side = scene.side()  # of the order that rests
    ticks = int(scene.book[instrument, BIDS if side > 0 else ASKS, 0, TICKS])
    lots = scene.level_lots(instrument, 80.0)
    display = scene.level_lots(instrument, 1.5)
    length = scene.steps(20.0, 45.0)
    return Plan(
        TruthKind.ABSORPTION,
        asset,
        instrument,
        side,
        scene.step,
        scene.step + length,
        drift=-side * scene.move(asset, 0.4, 0.8) / length,
        afterwards=side * scene.move(asset, 0.6, 1.2),
        flows=(PlannedFlow(instrument, -side, 6.0),),
        wall=PlannedWall(side, ticks, lots, display, 0),
    )
