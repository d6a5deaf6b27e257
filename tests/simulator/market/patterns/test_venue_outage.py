from undertow.simulator.market.patterns.venue_outage import plan_outage
from undertow.simulator.market.scene import Scene


def test_one_venue_halts_for_some_seconds(scene: Scene) -> None:
    plans = [plan_outage(scene) for _ in range(50)]
    found = [plan for plan in plans if plan is not None]
    assert len(found) == 50
    assert {plan.venue for plan in found} == {0, 1, 2}
    assert all(50 <= plan.end_step - plan.begin_step <= 200 for plan in found)
    assert all(plan.magnitude * 10 == plan.end_step - plan.begin_step for plan in found)


def test_no_second_outage(scene: Scene) -> None:
    scene.open_venues = []
    assert plan_outage(scene) is None
