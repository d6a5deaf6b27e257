from undertow.simulator.market.patterns.wall import FLIGHT, plan_spoof, plan_wall
from undertow.simulator.market.plan import Plan
from undertow.simulator.market.scene import Scene


def _distance(scene: Scene, plan: Plan) -> float:
    bid, ask = scene.book[plan.instrument, :, 0, 0].tolist()
    assert plan.wall is not None
    return float(0.5 * (bid + ask) - plan.wall.ticks) * plan.side


def test_a_wall_rests_on_its_own_side_in_view(scene: Scene) -> None:
    for _ in range(50):
        plan = plan_wall(scene)
        assert plan is not None
        assert plan.wall is not None
        assert 2 <= _distance(scene, plan) <= 97
        assert plan.wall.display_lots == plan.wall.lots == plan.magnitude
        assert plan.wall.lots >= 14 * scene.level_lots(plan.instrument, 1.0)
        assert plan.wall.pull_ticks == 0
        assert 400 <= plan.end_step - plan.begin_step <= 1_500


def test_a_spoof_is_ready_to_flee(scene: Scene) -> None:
    for _ in range(50):
        plan = plan_spoof(scene)
        assert plan is not None
        assert plan.wall is not None
        assert 1 <= plan.wall.pull_ticks <= max(1.0, FLIGHT * _distance(scene, plan))


def test_no_room_no_wall(scene: Scene) -> None:
    scene.open_instruments = []
    assert plan_wall(scene) is None
    assert plan_spoof(scene) is None
