import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.funding_plan import FAR_NS, ConstantFunding, RecordedFunding

HOUR_NS = 3_600 * 10**9


def test_constant_funding_at_whole_multiples() -> None:
    plan = ConstantFunding(5, 8 * HOUR_NS)
    assert plan.next_ns(0) == 8 * HOUR_NS
    assert plan.next_ns(8 * HOUR_NS - 1) == 8 * HOUR_NS
    assert plan.next_ns(8 * HOUR_NS) == 16 * HOUR_NS
    assert plan.rate(16 * HOUR_NS) == 5


def test_recorded_funding_keeps_its_own_intervals() -> None:
    plan = RecordedFunding(((8 * HOUR_NS, 1), (12 * HOUR_NS, -2), (13 * HOUR_NS, 3)))
    assert [plan.next_ns(h * HOUR_NS) // HOUR_NS for h in (0, 8, 12)] == [8, 12, 13]
    assert [plan.rate(h * HOUR_NS) for h in (8, 12, 13)] == [1, -2, 3]
    assert plan.next_ns(13 * HOUR_NS) == FAR_NS


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="interval_ns"):
        ConstantFunding(1, 0)
    with pytest.raises(ConfigurationError, match="in order of time"):
        RecordedFunding(((5, 1), (5, 2)))
