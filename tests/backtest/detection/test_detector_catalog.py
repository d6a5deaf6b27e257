from undertow.backtest.detection.day_plan import GROUPS, DayPlan, plan_days
from undertow.backtest.detection.detector_catalog import DETECTORS, detectors_for


def test_every_group_has_a_detector_and_every_detector_a_group() -> None:
    for group in GROUPS:
        assert any(set(d.kinds) <= set(group) for d in DETECTORS.values()), group
    for detector in DETECTORS.values():
        assert any(set(detector.kinds) <= set(group) for group in GROUPS), detector.name


def test_a_null_day_is_for_those_whose_patterns_it_lacks() -> None:
    assert detectors_for(DayPlan(1)) == tuple(DETECTORS)
    for plan in plan_days(10):
        if plan.without:
            names = detectors_for(plan)
            assert names
            assert all(set(DETECTORS[name].kinds) <= set(plan.without) for name in names)
