import numpy as np

from undertow.simulator.market.patterns.divergence import plan_divergence
from undertow.simulator.market.plan import Plan
from undertow.simulator.market.scene import Scene


def _turns(plan: Plan) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    # Planned log price along the plan's side at the start and after each leg.
    moves = [plan.side * leg.drift * (leg.end_step - leg.begin_step) for leg in plan.legs]
    return np.concatenate(([0.0], np.cumsum(moves)))


def test_the_second_low_is_lower_and_the_flow_into_it_is_not(scene: Scene) -> None:
    for _ in range(20):
        plan = plan_divergence(scene)
        assert plan is not None
        start, low, between, lower, end = _turns(plan)
        assert lower < low < between < start
        assert end > lower
        into = [f for f in plan.flows if f.begin_step == plan.legs[2].begin_step]
        assert {f.side for f in into} == {plan.side}


def test_the_record_begins_at_the_second_low(scene: Scene) -> None:
    plan = plan_divergence(scene)
    assert plan is not None
    assert [leg.begin_step for leg in plan.legs[1:]] == [leg.end_step for leg in plan.legs[:-1]]
    assert plan.found_step == plan.legs[-1].begin_step
    assert plan.legs[-1].end_step == plan.end_step


def test_no_room_no_divergence(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_divergence(scene) is None
