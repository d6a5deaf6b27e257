"""All active plans laid out over the steps of one block, as arrays."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.synthetic.book_layout import (
    FILL_COLUMNS,
    FILL_LOTS,
    FILL_TICKS,
    FILL_TIME_NS,
    PLAN_COLUMNS,
)
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.plan import Plan, PlannedOrder


class BlockScript:
    """What the patterns do in one block of `steps` from step `first`.

    alive: (steps, instruments), 0 halted, 1 working, 2 working and requoting in any case.
    flow: (steps, instruments, 2), factor of extra arrivals of buys and sells. drift: (steps,
    assets + 1), log price. dislocation: (assets,), log basis over the block. opening: (assets,),
    open interest added over the block, as a share of the first. planned: orders in the kernel's
    layout, `counts` the same by step, instrument and side. filled: what became of them.
    """

    def __init__(self, listing: Listing, first: int, steps: int) -> None:
        self.first = first
        self.steps = steps
        self.alive = np.ones((steps, listing.count), dtype=np.int64)
        self.flow = np.zeros((steps, listing.count, 2))
        self.drift = np.zeros((steps, listing.asset_count + 1))
        self.dislocation = np.zeros(listing.asset_count)
        self.opening = np.zeros(listing.asset_count)
        self.counts = np.zeros((steps, listing.count, 2), dtype=np.int64)
        self.planned: NDArray[np.int64] = np.zeros((0, PLAN_COLUMNS), dtype=np.int64)
        self.filled: NDArray[np.int64] = np.zeros((0, FILL_COLUMNS), dtype=np.int64)
        self._listing = listing
        self._owners: list[Plan] = []

    def lay_out(self, plans: Sequence[Plan]) -> None:
        """Add the plans' parts that fall into the block."""
        orders: list[tuple[PlannedOrder, Plan]] = []
        for plan in plans:
            low = max(plan.begin_step - self.first, 0)
            high = min(plan.end_step - self.first, self.steps)
            if low >= high:
                continue
            self._lay_out(plan, low, high)
            orders += [(o, plan) for o in plan.orders if 0 <= o.step - self.first < self.steps]
        self._set_orders(orders)

    def _lay_out(self, plan: Plan, low: int, high: int) -> None:
        # `low` to `high`: the steps of this block that are the plan's.
        self.drift[low:high, plan.component] += plan.drift
        for leg in plan.legs:
            start, end = self._within(leg.begin_step, leg.end_step)
            self.drift[start:end, plan.component] += leg.drift
        for flow in plan.flows:
            start, end = low, high
            if flow.begin_step >= 0:
                start, end = self._within(flow.begin_step, flow.end_step)
            self.flow[start:end, flow.instrument, (1 - flow.side) // 2] += flow.factor
        if plan.opening:
            start, end = self._within(plan.found_step, plan.end_step)
            self.opening[plan.component] += plan.opening * (end - start)
        if plan.dislocation:
            self.dislocation[plan.component] += plan.dislocation * (high - low)
        if plan.venue >= 0:
            self.alive[low:high, self._listing.venue == plan.venue] = 0

    def _within(self, begin_step: int, end_step: int) -> tuple[int, int]:
        # The part of a stretch that lies in this block, from step 0 of it; empty when none does.
        start = min(max(begin_step - self.first, 0), self.steps)
        return start, max(start, min(end_step - self.first, self.steps))

    def settle(self, price: NDArray[np.float64], value: NDArray[np.float64]) -> None:
        """Give the plans what the books filled of their orders.

        `price`: (instruments,) quote money per tick; `value`: base coins per lot.
        """
        for row, fill, plan in zip(self.planned, self.filled, self._owners, strict=True):
            lots = int(fill[FILL_LOTS])
            if not lots:
                continue
            i = int(row[0])
            plan.filled_lots += lots
            plan.filled_orders += 1
            plan.filled_value += lots * float(value[i]) * int(fill[FILL_TICKS]) * float(price[i])
            time_ns = int(fill[FILL_TIME_NS])
            plan.first_fill_ns = min(plan.first_fill_ns or time_ns, time_ns)
            plan.last_fill_ns = max(plan.last_fill_ns, time_ns)

    def _set_orders(self, orders: list[tuple[PlannedOrder, Plan]]) -> None:
        # The kernel walks instruments, then steps, then time; a stable sort keeps plan order.
        orders.sort(key=lambda pair: (pair[0].instrument, pair[0].step, pair[0].offset_ns))
        if not orders:
            return
        self.planned = np.array(
            [
                (
                    order.instrument,
                    order.step - self.first,
                    order.offset_ns,
                    order.side,
                    order.lots,
                    order.most_levels,
                    int(order.is_forced),
                )
                for order, _ in orders
            ],
            dtype=np.int64,
        )
        self.filled = np.zeros((len(orders), FILL_COLUMNS), dtype=np.int64)
        self._owners = [plan for _, plan in orders]
        for order, _ in orders:
            step = order.step - self.first
            if self.alive[step, order.instrument]:
                self.counts[step, order.instrument, (1 - order.side) // 2] += 1
