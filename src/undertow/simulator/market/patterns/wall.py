"""Walls: a resting order of unusual size, real (it absorbs) or spoofed (it flees)."""

from undertow.kernels.synthetic.book_layout import ASKS, BIDS, TICKS
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedWall
from undertow.simulator.market.scene import Scene

FLIGHT = 0.45  # of its first distance from the mid: a spoof is withdrawn when nearer


def plan_wall(scene: Scene) -> Plan | None:
    """A real wall of 15 to 35 levels' worth that stays for 40 to 150 s or until it is consumed."""
    return _wall(scene, TruthKind.WALL, scene.steps(40.0, 150.0))


def plan_spoof(scene: Scene) -> Plan | None:
    """A wall of the same size that vanishes on approach, or after 20 to 90 s."""
    return _wall(scene, TruthKind.SPOOF, scene.steps(20.0, 90.0))


def _wall(scene: Scene, kind: TruthKind, length: int) -> Plan | None:
    if not scene.open_instruments:
        return None
    instrument = scene.pick(scene.open_instruments)
    asset = int(scene.listing.asset[instrument])
    side = scene.side()
    levels = scene.book[instrument, BIDS if side > 0 else ASKS, :, TICKS]
    mid = 0.5 * float(scene.book[instrument, BIDS, 0, TICKS] + scene.book[instrument, ASKS, 0, 0])
    away = max(2.0, mid * scene.move(asset, 0.8, 1.8))
    farthest = abs(float(levels[-3]) - mid)
    ticks = round(mid - side * min(away, farthest))
    distance = abs(mid - ticks)
    pull = max(1, int(FLIGHT * distance)) if kind is TruthKind.SPOOF else 0
    lots = scene.level_lots(instrument, scene.between(15.0, 35.0))
    return Plan(
        kind,
        asset,
        instrument,
        side,
        scene.step,
        scene.step + length,
        magnitude=float(lots),
        wall=PlannedWall(side, ticks, lots, lots, pull),
    )
