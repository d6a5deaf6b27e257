import numpy as np

from undertow.simulator.market.block_script import BlockScript
from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedLeg, PlannedOrder


def _plan(begin: int, end: int, **changes: object) -> Plan:
    plan = Plan(TruthKind.NEWS, 1, -1, 1, begin, end)
    for name, value in changes.items():
        setattr(plan, name, value)
    return plan


def test_only_the_block_s_part_of_a_plan_is_laid_out(listing: Listing) -> None:
    script = BlockScript(listing, 20, 10)
    flows = (PlannedFlow(7, -1, 3.0),)
    script.lay_out([_plan(15, 24, drift=0.1, dislocation=0.01, flows=flows)])
    assert script.drift[:, 1].tolist() == [0.1] * 4 + [0.0] * 6
    assert script.flow[:, 7, 1].tolist() == [3.0] * 4 + [0.0] * 6
    assert np.isclose(script.dislocation[1], 0.04)
    assert not script.drift[:, 0].any()


def test_plans_of_other_blocks_leave_no_mark(listing: Listing) -> None:
    script = BlockScript(listing, 20, 10)
    script.lay_out([_plan(5, 20, drift=1.0), _plan(30, 40, drift=1.0)])
    assert not script.drift.any()
    assert len(script.planned) == 0


def test_orders_are_sorted_for_the_kernel(listing: Listing) -> None:
    script = BlockScript(listing, 20, 10)
    orders = (
        PlannedOrder(21, 9, 7, 1, 5, 3),
        PlannedOrder(21, 2, 7, -1, 6, 3, is_forced=True),
        PlannedOrder(29, 0, 2, 1, 7, 3),
        PlannedOrder(30, 0, 2, 1, 8, 3),
    )
    script.lay_out([_plan(20, 40, orders=orders)])
    assert script.planned[:, :5].tolist() == [
        [2, 9, 0, 1, 7],
        [7, 1, 2, -1, 6],
        [7, 1, 9, 1, 5],
    ]
    assert script.planned[:, 6].tolist() == [0, 1, 0]
    assert script.counts[1, 7].tolist() == [1, 1]


def test_a_halt_stops_a_venue_and_its_planned_orders(listing: Listing) -> None:
    script = BlockScript(listing, 20, 10)
    outage = _plan(22, 25, venue=1, component=2)
    whale = _plan(20, 30, orders=(PlannedOrder(23, 0, 3, 1, 5, 3),))
    script.lay_out([outage, whale])
    assert script.alive[:, 3].tolist() == [1, 1, 0, 0, 0, 1, 1, 1, 1, 1]
    assert script.alive[:, 1].all()
    assert script.counts.sum() == 0


def test_fills_return_to_their_plans(listing: Listing) -> None:
    script = BlockScript(listing, 0, 10)
    plans = [
        _plan(0, 5, orders=(PlannedOrder(1, 0, 7, 1, 5, 3), PlannedOrder(3, 0, 7, 1, 5, 3))),
        _plan(0, 5, orders=(PlannedOrder(2, 0, 7, 1, 5, 3),)),
    ]
    script.lay_out(plans)
    script.filled[:] = [[5, 1_000, 20], [0, 0, 0], [4, 3_000, 30]]
    script.settle(np.full(12, 0.5), np.full(12, 2.0))
    assert (plans[0].filled_lots, plans[0].filled_orders) == (9, 2)
    assert (plans[0].first_fill_ns, plans[0].last_fill_ns) == (1_000, 3_000)
    assert plans[0].filled_value == 5 * 20 + 4 * 30
    assert plans[1].filled_orders == 0


def test_legs_and_flows_keep_to_their_own_steps(listing: Listing) -> None:
    script = BlockScript(listing, 20, 10)
    legs = (PlannedLeg(15, 22, 0.2), PlannedLeg(22, 40, -0.1))
    flows = (PlannedFlow(7, 1, 2.0, 15, 23), PlannedFlow(7, 1, -0.5, 23, 40))
    script.lay_out([_plan(15, 40, legs=legs, flows=flows)])
    assert script.drift[:, 1].tolist() == [0.2] * 2 + [-0.1] * 8
    assert script.flow[:, 7, 0].tolist() == [2.0] * 3 + [-0.5] * 7


def test_contracts_open_from_where_there_is_something_to_find(listing: Listing) -> None:
    script = BlockScript(listing, 20, 10)
    script.lay_out([_plan(15, 28, found_step=24, opening=0.01)])
    assert script.opening.tolist() == [0.0, 0.04]
