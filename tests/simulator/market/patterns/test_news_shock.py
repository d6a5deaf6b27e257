from undertow.simulator.market.patterns.news_shock import plan_news
from undertow.simulator.market.scene import Scene


def test_a_quick_jump_with_stress(scene: Scene) -> None:
    plan = plan_news(scene)
    assert plan is not None
    assert plan.end_step - plan.begin_step <= 40
    assert plan.magnitude * plan.side > 0
    assert plan.stress > 0
    assert {f.side for f in plan.flows} == {plan.side}


def test_some_news_is_everybody_s(scene: Scene) -> None:
    plans = [plan_news(scene) for _ in range(300)]
    components = [plan.component for plan in plans if plan is not None]
    wide = components.count(scene.listing.asset_count)
    assert 3 <= wide <= 40
    flows = {len(plan.flows) for plan in plans if plan is not None}
    assert flows == {6, 12}


def test_no_room_no_news(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_news(scene) is None
