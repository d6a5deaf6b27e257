from undertow.simulator.market.patterns.whale import plan_whale
from undertow.simulator.market.scene import Scene


def test_a_burst_of_large_orders_of_one_side(scene: Scene) -> None:
    for _ in range(50):
        plan = plan_whale(scene)
        assert plan is not None
        assert 4 <= len(plan.orders) <= 9
        assert {(o.instrument, o.side) for o in plan.orders} == {(plan.instrument, plan.side)}
        assert plan.begin_step == plan.orders[0].step == scene.step
        assert plan.end_step == plan.orders[-1].step + 1
        level = scene.level_lots(plan.instrument, 1.0)
        assert min(o.lots for o in plan.orders) >= 2.9 * level
        assert plan.drift * plan.side > 0


def test_no_room_no_whale(scene: Scene) -> None:
    scene.open_instruments = []
    assert plan_whale(scene) is None
