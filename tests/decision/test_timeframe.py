import pytest

from undertow.decision.timeframe import timeframe_seconds
from undertow.domain.errors import ConfigurationError


def test_known_names() -> None:
    assert [timeframe_seconds(name) for name in ("1s", "1m", "5m", "15m")] == [1, 60, 300, 900]
    assert [timeframe_seconds(name) for name in ("4h", "1D", "1W")] == [14_400, 86_400, 604_800]


def test_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"12h, 1d, 3d, 1w, found '10m'; did you mean"):
        timeframe_seconds("10m")
