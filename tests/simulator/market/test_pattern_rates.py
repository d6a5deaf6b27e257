import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.pattern_rates import PatternRates


def test_none_is_no_pattern_at_all() -> None:
    none = PatternRates.none()
    assert {none.per_hour(name, 12) for name in none.__struct_fields__} == {0.0}


def test_rates_grow_with_the_assets_but_outages_do_not() -> None:
    rates = PatternRates(whale=10.0, outage=18.0)
    assert rates.per_hour("whale", 12) == 120.0
    assert rates.per_hour("outage", 12) == 18.0


@pytest.mark.parametrize("rate", [-1.0, 3_601.0, float("nan")])
def test_impossible_rates_are_refused(rate: float) -> None:
    with pytest.raises(ConfigurationError, match="patterns per hour for sweep"):
        PatternRates(sweep=rate)
