import pytest

from undertow.domain.errors import ConfigurationError
from undertow.venues.rate_limit import LinkedLimit, RequestCost

RAW = LinkedLimit("RAW", 1)
DEPTH = RequestCost("depth", (RAW,), "WEIGHT", ((100, 5), (500, 25)))


@pytest.mark.parametrize(("size", "weight"), [(1, 5), (100, 5), (101, 25), (500, 25)])
def test_a_size_picks_its_step_and_the_linked_limits_are_charged_too(
    size: int, weight: int
) -> None:
    assert DEPTH.charges_for(size) == (LinkedLimit("WEIGHT", weight), RAW)


def test_a_plain_cost_does_not_look_at_the_size() -> None:
    assert RequestCost("ping", (RAW,)).charges_for(10_000) == (RAW,)


def test_beyond_the_largest_size_is_the_callers_mistake() -> None:
    with pytest.raises(ConfigurationError, match="at most 500 rows for depth, found 501"):
        DEPTH.charges_for(501)
