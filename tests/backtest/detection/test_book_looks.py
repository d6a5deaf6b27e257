from collections.abc import Callable

from undertow.backtest.detection.book_looks import median_level_lots
from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult
from undertow.backtest.detection.detector import Detector, Look, Scene, Sign
from undertow.backtest.detection.simulated_day import simulate_day
from undertow.domain.side import Side

Make = Callable[..., Detector]


def test_sizes_are_in_levels_of_the_book(make_detector: Make) -> None:
    usual: list[tuple[float, int]] = []

    def fresh(scene: Scene) -> Look:
        flow = scene.flow[scene.focus]

        def look(_now_ns: int) -> Sign | None:
            lots = [*flow.depth(Side.BUY, 20)[:, 1], *flow.depth(Side.SELL, 20)[:, 1]]
            usual.append((median_level_lots(flow), sorted(lots)[len(lots) // 2] if lots else 0))
            return None

        return look

    simulate_day(DayPlan(5, 300), (make_detector(fresh=fresh),))
    assert len(usual) == 60
    assert all(found == told for found, told in usual)
    assert usual[-1][0] > 0


def test_the_largest_wall_is_several_levels(short_day: DayResult) -> None:
    scores = short_day.signs["wall"].scores
    assert min(scores) >= 0.5
    assert max(scores) > 3.0


def test_persistence_is_a_share(short_day: DayResult) -> None:
    for name in ("wall by persistence", "spoof"):
        scores = short_day.signs[name].scores
        assert 0.0 <= min(scores) <= max(scores) <= 1.0


def test_a_spoof_showed_more_than_nothing(short_day: DayResult) -> None:
    assert min(short_day.signs["spoof by size"].scores) > 0.5
