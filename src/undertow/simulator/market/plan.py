"""A planted pattern as data: what it will do, step by step, decided when it starts."""

import msgspec

from undertow.simulator.market.ground_truth import TruthKind


class PlannedOrder(msgspec.Struct, frozen=True, gc=False):
    """One market order. `step` counts steps since the market began, `offset_ns` is inside it."""

    step: int
    offset_ns: int
    instrument: int
    side: int
    lots: int
    most_levels: int
    is_forced: bool = False


class PlannedFlow(msgspec.Struct, frozen=True, gc=False):
    """More random orders of one side: `factor` times the usual arrivals on top of them, or fewer
    where it is negative (-1: none). It lasts as long as its plan, or the steps given (end
    excluded).
    """

    instrument: int
    side: int
    factor: float
    begin_step: int = -1
    end_step: int = -1


class PlannedLeg(msgspec.Struct, frozen=True, gc=False):
    """One stretch of a plan's way: log price added in each step from begin to end, end excluded."""

    begin_step: int
    end_step: int
    drift: float


class PlannedWall(msgspec.Struct, frozen=True, gc=False):
    """A resting order: `side` +1 is a bid. At most `display_lots` of `lots` show at once.

    pull_ticks: it is withdrawn when the mid is this near; 0 = it stays.
    """

    side: int
    ticks: int
    lots: int
    display_lots: int
    pull_ticks: int


class Plan(msgspec.Struct):
    """One pattern from start to end; the `filled_` and `_fill_ns` fields are what became of it.

    component: asset index, or the number of assets for the common factor. begin_step, end_step: the
    steps it lasts, end excluded. drift: log price added in each of them. afterwards: log price
    released slowly once it is over. dislocation: log basis of the asset's perps in each step.
    stress: extra volatility and activity at the start. venue: the one that halts, else -1. legs:
    drift by stretch, beside the one of the whole. found_step: from when there is something to find,
    where its beginning only prepares it; 0 = from the beginning. opening: new contracts in each
    step from then on, as a share of the open interest with which the asset's perps began.
    """

    kind: TruthKind
    component: int
    instrument: int
    side: int
    begin_step: int
    end_step: int
    magnitude: float = 0.0
    drift: float = 0.0
    afterwards: float = 0.0
    dislocation: float = 0.0
    stress: float = 0.0
    flows: tuple[PlannedFlow, ...] = ()
    orders: tuple[PlannedOrder, ...] = ()
    wall: PlannedWall | None = None
    venue: int = -1
    legs: tuple[PlannedLeg, ...] = ()
    opening: float = 0.0
    found_step: int = 0
    filled_lots: int = 0
    filled_orders: int = 0
    filled_value: float = 0.0
    first_fill_ns: int = 0
    last_fill_ns: int = 0

    def is_over(self, step: int) -> bool:
        """True when the steps it lasts have all passed before `step`."""
        return step >= self.end_step
