"""What a plan came to, as its ground truth record."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.synthetic.book_layout import WALL_ENDED_NS, WALL_RESERVE
from undertow.simulator.market.ground_truth import EVERY_ASSET, GroundTruth, TruthKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS
from undertow.simulator.market.plan import Plan

BURSTS = (TruthKind.WHALE, TruthKind.SWEEP)
CASCADES = (TruthKind.LONG_CASCADE, TruthKind.SHORT_CASCADE)


def outcome(
    plan: Plan, listing: Listing, wall: NDArray[np.int64], origin_ns: int
) -> GroundTruth | None:
    """The record of a finished plan; None when its venue was halted and none of it happened.

    `wall` is the instrument's row as the books left it. `origin_ns`: time of step 0.
    """
    begin_ns = origin_ns + (plan.found_step or plan.begin_step) * STEP_NS
    end_ns = origin_ns + plan.end_step * STEP_NS
    magnitude, note = plan.magnitude, ""
    if plan.kind in BURSTS or plan.kind in CASCADES:
        if not plan.filled_orders:
            return None
        begin_ns, end_ns = plan.first_fill_ns, plan.last_fill_ns
        magnitude = float(plan.filled_lots) if plan.kind in BURSTS else plan.filled_value
        note = f"orders={plan.filled_orders}"
    elif plan.wall is not None:
        taken = plan.wall.lots - int(wall[WALL_RESERVE])
        end_ns = int(wall[WALL_ENDED_NS]) or end_ns
        magnitude = float(taken) if plan.kind is TruthKind.ABSORPTION else plan.magnitude
        note = f"ticks={plan.wall.ticks} outcome={wall_outcome(plan, wall)} taken_lots={taken}"
    elif plan.venue >= 0:
        note = f"venue={listing.venues[plan.venue].name}"
    is_wide = plan.component == listing.asset_count
    asset = EVERY_ASSET if is_wide else listing.assets[plan.component].name
    return GroundTruth(
        plan.kind, asset, plan.instrument, begin_ns, end_ns, plan.side, magnitude, note
    )


def wall_outcome(plan: Plan, wall: NDArray[np.int64]) -> str:
    """consumed: taken whole. pulled: fled on approach. held: stood to its end."""
    if not wall[WALL_ENDED_NS]:
        return "held"
    return "consumed" if wall[WALL_RESERVE] <= 0 else "pulled"
