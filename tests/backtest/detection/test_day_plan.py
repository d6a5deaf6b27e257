import pytest

from undertow.backtest.detection.day_plan import GROUPS, RATES, DayPlan, plan_days
from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.ground_truth import TruthKind


def test_every_day_has_its_own_seed_and_each_group_its_null_days() -> None:
    plans = plan_days(200)
    assert len({plan.seed for plan in plans}) == len(plans) == 270
    null = [plan.without for plan in plans if plan.without]
    assert {null.count(group) for group in GROUPS} == {6}
    assert sum(plan.is_quiet for plan in plans) == 10


def test_a_null_day_is_without_its_group_and_nothing_else() -> None:
    usual = DayPlan(1).config()
    null = DayPlan(1, without=(TruthKind.WALL, TruthKind.SPOOF)).config()
    names = RATES.__struct_fields__
    changed = {n for n in names if getattr(usual.patterns, n) != getattr(null.patterns, n)}
    assert changed == {"wall", "spoof"}
    assert null.patterns.wall == 0.0
    assert (null.assets, null.has_regimes) == (usual.assets, usual.has_regimes)


def test_a_quiet_day_has_nothing() -> None:
    config = DayPlan(1, is_quiet=True).config()
    assert not config.has_regimes
    assert {getattr(config.patterns, name) for name in RATES.__struct_fields__} == {0.0}


def test_all_that_is_studied_is_planted() -> None:
    for group in GROUPS:
        assert all(getattr(RATES, kind) > 0.0 for kind in group)


@pytest.mark.parametrize(("days", "seconds"), [(1, 86_400), (10, 30)])
def test_too_little_is_refused(days: int, seconds: int) -> None:
    with pytest.raises(ConfigurationError, match="2 days or more"):
        plan_days(days, seconds)
