import pytest

from undertow.simulator.market.patterns.exhaustion import plan_exhaustion
from undertow.simulator.market.scene import Scene


def test_the_push_s_flow_dries_up_where_the_record_begins(scene: Scene) -> None:
    plan = plan_exhaustion(scene)
    assert plan is not None
    assert plan.begin_step < plan.found_step < plan.end_step
    pushes = [f for f in plan.flows if f.factor > 0]
    dry = [f for f in plan.flows if f.factor < 0]
    assert {f.side for f in plan.flows} == {plan.side}
    assert {(f.begin_step, f.end_step) for f in pushes} == {(plan.begin_step, plan.found_step)}
    assert {(f.begin_step, f.end_step) for f in dry} == {(plan.found_step, plan.end_step)}
    assert min(f.factor for f in dry) >= -0.9
    assert len(pushes) == len(dry) == scene.listing.group


def test_part_of_the_push_comes_back(scene: Scene) -> None:
    plan = plan_exhaustion(scene)
    assert plan is not None
    (leg,) = plan.legs
    pushed = leg.drift * (leg.end_step - leg.begin_step)
    assert plan.magnitude == pytest.approx(1e4 * pushed)
    assert -0.6 <= plan.afterwards / pushed <= -0.3
    assert pushed * plan.side > 0


def test_no_room_no_push(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_exhaustion(scene) is None
