import msgspec

from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.plan import Plan, PlannedFlow, PlannedOrder, PlannedWall

PLAN = Plan(
    TruthKind.WHALE,
    0,
    1,
    1,
    10,
    15,
    flows=(PlannedFlow(1, 1, 2.0),),
    orders=(PlannedOrder(10, 5, 1, 1, 100, 3, is_forced=True),),
    wall=PlannedWall(1, 100, 50, 50, 0),
)


def test_it_is_over_when_its_last_step_has_passed() -> None:
    assert not PLAN.is_over(14)
    assert PLAN.is_over(15)


def test_round_trip() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(PLAN), type=Plan) == PLAN
