import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.faults import FaultPlan, Outage


def test_outage_contains_its_start_and_not_its_stop() -> None:
    plan = FaultPlan(outages=(Outage(10, 20), Outage(30, 40)))
    assert [plan.outage_stop(at) for at in (9, 10, 19, 20, 35)] == [0, 20, 20, 0, 40]


def test_default_has_no_fault() -> None:
    plan = FaultPlan()
    assert plan.outage_stop(5) == 0
    assert plan.drop_ppm == plan.reject_ppm == plan.duplicate_ppm == plan.reorder_ppm == 0


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="fault rates"):
        FaultPlan(drop_ppm=1_000_001)
    with pytest.raises(ConfigurationError, match="outages in order"):
        FaultPlan(outages=(Outage(30, 40), Outage(10, 20)))
