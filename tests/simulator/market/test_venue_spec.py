import msgspec
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.venue_spec import VENUES


def test_three_invented_venues() -> None:
    assert [spec.name for spec in VENUES] == ["aster", "borea", "cetus"]


def test_the_leader_follows_fastest() -> None:
    lags = [spec.perp_lag_s for spec in VENUES]
    assert lags == sorted(lags)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("perp_weight", 0.0),
        ("spot_lag_s", -1.0),
        ("extra_latency_ns", -1),
        ("spread_factor", 0.0),
        ("funding_interval_s", 7_000),
        ("funding_interval_s", 0),
    ],
)
def test_impossible_venues_are_refused(field: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        msgspec.structs.replace(VENUES[0], **{field: value})
