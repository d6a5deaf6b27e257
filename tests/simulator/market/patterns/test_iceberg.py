from undertow.simulator.market.patterns.iceberg import plan_absorption
from undertow.simulator.market.scene import Scene


def test_an_iceberg_at_the_best_price_meets_a_wave(scene: Scene) -> None:
    for _ in range(20):
        plan = plan_absorption(scene)
        assert plan is not None
        assert plan.wall is not None
        best = scene.book[plan.instrument, 0 if plan.side > 0 else 1, 0, 0]
        assert plan.wall.ticks == best
        assert plan.wall.display_lots * 20 < plan.wall.lots
        (flow,) = plan.flows
        assert (flow.instrument, flow.side) == (plan.instrument, -plan.side)
        assert plan.drift * plan.side < 0 < plan.afterwards * plan.side


def test_no_room_no_absorption(scene: Scene) -> None:
    scene.open_instruments = []
    assert plan_absorption(scene) is None
