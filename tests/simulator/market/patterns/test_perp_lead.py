import pytest

from undertow.simulator.market.patterns.perp_lead import AHEAD, RETURN, plan_perp_lead
from undertow.simulator.market.scene import Scene


def test_perps_run_ahead_and_give_part_back(scene: Scene) -> None:
    plan = plan_perp_lead(scene)
    assert plan is not None
    assert [f.instrument for f in plan.flows] == scene.listing.perps_of(plan.component)
    length = plan.end_step - plan.begin_step
    assert plan.magnitude == pytest.approx(1e4 * plan.drift * length)
    assert plan.dislocation == pytest.approx(AHEAD * plan.drift)
    assert plan.afterwards == pytest.approx(-RETURN * plan.drift * length)


def test_no_room_no_lead(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_perp_lead(scene) is None
