from undertow.simulator.market.ground_truth import TruthKind
from undertow.simulator.market.patterns.forced_flow import plan_long_cascade, plan_short_cascade
from undertow.simulator.market.scene import Scene


def test_longs_are_sold_on_every_perp(scene: Scene) -> None:
    plan = plan_long_cascade(scene)
    assert plan is not None
    assert plan.kind is TruthKind.LONG_CASCADE
    assert {o.side for o in plan.orders} == {-1}
    assert all(o.is_forced for o in plan.orders)
    assert {o.instrument for o in plan.orders} == set(scene.listing.perps_of(plan.component))
    assert all(plan.begin_step <= o.step < plan.end_step for o in plan.orders)
    assert plan.drift < 0.0 < plan.afterwards
    assert plan.dislocation < 0.0


def test_shorts_are_the_mirror_image(scene: Scene) -> None:
    plan = plan_short_cascade(scene)
    assert plan is not None
    assert plan.kind is TruthKind.SHORT_CASCADE
    assert {o.side for o in plan.orders} == {1}
    assert plan.afterwards < 0.0 < plan.drift


def test_forced_orders_come_faster_and_faster(scene: Scene) -> None:
    early = late = 0
    for _ in range(60):
        plan = plan_long_cascade(scene)
        assert plan is not None
        middle = (plan.begin_step + plan.end_step) // 2
        early += sum(o.step < middle for o in plan.orders)
        late += sum(o.step >= middle for o in plan.orders)
    assert late > 1.2 * early


def test_no_room_no_cascade(scene: Scene) -> None:
    scene.open_assets = []
    assert plan_long_cascade(scene) is None
