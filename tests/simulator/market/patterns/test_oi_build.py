import pytest

from undertow.simulator.market.patterns.oi_build import plan_oi_build
from undertow.simulator.market.scene import Scene


def test_contracts_open_against_the_flow_at_a_floor(scene: Scene) -> None:
    plan = plan_oi_build(scene)
    assert plan is not None
    assert [f.instrument for f in plan.flows] == scene.listing.perps_of(plan.component)
    assert {f.side for f in plan.flows} == {-plan.side}
    (leg,) = plan.legs
    assert leg.drift * plan.side < 0.0 < plan.afterwards * plan.side
    assert (leg.begin_step, leg.end_step) == (plan.begin_step, plan.found_step)


def test_its_magnitude_is_what_is_opened(scene: Scene) -> None:
    plan = plan_oi_build(scene)
    assert plan is not None
    length = plan.end_step - plan.found_step
    assert plan.opening * length == pytest.approx(plan.magnitude)
    assert 0.005 <= plan.magnitude <= 0.04


def test_no_room_no_build(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_oi_build(scene) is None
