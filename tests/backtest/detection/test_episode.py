from collections.abc import Callable

from undertow.backtest.detection.day_plan import DayPlan
from undertow.backtest.detection.day_result import DayResult, Signs
from undertow.backtest.detection.detector import Detector
from undertow.backtest.detection.episode import (
    Detection,
    Episode,
    detections_of,
    episodes_of,
    tally,
)
from undertow.simulator.market.ground_truth import GroundTruth, TruthKind

Make = Callable[..., Detector]


def test_only_what_the_detector_claims_where_it_looks_is_an_episode(
    make_detector: Make,
    make_day: Callable[..., DayResult],
    make_record: Callable[..., GroundTruth],
) -> None:
    truth = [
        make_record(50, 60, 1),  # in the warm-up
        make_record(200, 210, -1),
        make_record(150, 220, 1, instrument=-1),  # of the whole asset
        make_record(300, 310, 1, instrument=4),  # elsewhere
        make_record(300, 310, 1, kind=TruthKind.SWEEP),
        make_record(3_580, 3_590, 1),  # too late for its grace
    ]
    day = make_day(truth, None, DayPlan(1, 3_600))
    found = episodes_of(day, make_detector(warm_up_s=100))
    assert found == [Episode(200.0, 210.0, -1), Episode(150.0, 220.0, 1)]
    everywhere = make_detector(is_asset_wide=True, warm_up_s=100)
    assert Episode(300.0, 310.0, 1) in episodes_of(day, everywhere)


def test_after_a_detection_its_side_is_silent_for_a_while(make_detector: Make) -> None:
    signs = Signs([5, 10, 12, 64, 65, 70], [1, 1, -1, 1, 1, -1], [2.0, 9.0, 2.0, 9.0, 1.5, 2.0])
    at_two = detections_of(signs, make_detector(), 2.0)
    assert at_two == [Detection(5, 1), Detection(12, -1)]
    assert detections_of(signs, make_detector(silence_s=59.0), 2.0)[2:] == [Detection(64, 1)]
    assert detections_of(signs, make_detector(warm_up_s=11), 2.0) == [
        Detection(12, -1),
        Detection(64, 1),
    ]


def test_each_detection_finds_at_most_one_episode(make_detector: Make) -> None:
    episodes = [Episode(100.0, 110.0, 1), Episode(105.0, 150.0, 1)]
    detections = [Detection(k, 1) for k in (104, 112, 120, 300)]
    found = tally(detections, episodes, make_detector(), 3_600)
    assert (found.episodes, found.found, found.duplicates, found.false) == (2, 2, 1, 1)
    assert found.delays_s == [4.0, 7.0]


def test_grace_and_side_decide(make_detector: Make) -> None:
    episodes = [Episode(100.0, 110.0, 1)]
    late, just, wrong = Detection(141, 1), Detection(140, 1), Detection(105, -1)
    for detection, is_found in ((late, False), (just, True), (wrong, False)):
        assert bool(tally([detection], episodes, make_detector(), 3_600).found) is is_found
    any_side = make_detector(has_side=False)
    assert tally([wrong], episodes, any_side, 3_600).found == 1


def test_an_episode_that_begins_later_but_ends_earlier_is_not_passed_over(
    make_detector: Make,
) -> None:
    episodes = [Episode(200.0, 210.0, 1), Episode(100.0, 400.0, 1)]
    found = tally([Detection(150, 1), Detection(205, 1)], episodes, make_detector(), 3_600)
    assert found.delays_s == [5.0, 50.0]
