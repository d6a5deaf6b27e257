import numpy as np

from undertow.simulator.market.market_config import STEP_NS
from undertow.simulator.market.scene import Scene


def test_everything_is_open_at_first(scene: Scene) -> None:
    assert scene.open_instruments == list(range(12))
    assert scene.open_assets == [0, 1]
    assert scene.open_venues == [0, 1, 2]


def test_steps_are_a_length_of_time(scene: Scene) -> None:
    drawn = [scene.steps(2.0, 4.0) for _ in range(200)]
    assert 20 <= min(drawn) < 25
    assert 35 < max(drawn) <= 40
    assert scene.steps(0.0, 0.01) == 1


def test_moves_scale_with_the_asset(scene: Scene) -> None:
    unit = scene.sigma[1] * np.sqrt(60.0)
    drawn = [scene.move(1, 1.0, 2.0) / unit for _ in range(100)]
    assert 1.0 <= min(drawn) < max(drawn) <= 2.0


def test_lots_are_levels_worth_of_money(scene: Scene) -> None:
    lots = scene.level_lots(1, 2.0)
    money = lots * scene.listing.lot[1] * scene.listing.reference[1]
    assert abs(money / (2.0 * scene.listing.level_usd[1]) - 1.0) < 0.01


def test_orders_fall_inside_their_step(scene: Scene) -> None:
    orders = [scene.order(1, -1, 60, (5, 3)) for _ in range(50)]
    assert {o.step for o in orders} == {60}
    assert all(0 <= o.offset_ns < STEP_NS for o in orders)
    assert len({o.offset_ns for o in orders}) > 40


def test_sides_are_even(scene: Scene) -> None:
    assert abs(sum(scene.side() for _ in range(1_000))) < 150
