import pytest

from undertow.simulator.market.patterns.spot_lead import LAGGING, plan_spot_lead
from undertow.simulator.market.scene import Scene


def test_spot_moves_and_perps_fall_behind(scene: Scene) -> None:
    plan = plan_spot_lead(scene)
    assert plan is not None
    assert [f.instrument for f in plan.flows] == scene.listing.spots_of(plan.component)
    assert {f.side for f in plan.flows} == {plan.side}
    length = plan.end_step - plan.begin_step
    assert plan.magnitude == pytest.approx(1e4 * plan.drift * length)
    assert plan.dislocation == pytest.approx(-LAGGING * plan.drift)
    assert plan.magnitude * plan.side > 0


def test_no_room_no_lead(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_spot_lead(scene) is None
