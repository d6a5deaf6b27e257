from undertow.simulator.market.patterns.sweep import plan_sweep
from undertow.simulator.market.scene import Scene


def test_one_order_through_many_levels(scene: Scene) -> None:
    plan = plan_sweep(scene)
    assert plan is not None
    (order,) = plan.orders
    assert 6 <= order.most_levels <= 12
    assert order.lots >= 20 * scene.level_lots(plan.instrument, 1.0)
    assert plan.end_step == plan.begin_step + 1
    assert order.side == plan.side


def test_no_room_no_sweep(scene: Scene) -> None:
    scene.open_instruments = []
    assert plan_sweep(scene) is None
