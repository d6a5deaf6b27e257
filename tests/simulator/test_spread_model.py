import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.spread_model import EstimatedSpread, FixedSpread


def test_half_ticks_are_rounded_against_us() -> None:
    assert FixedSpread(100).half_ticks(10_000, -1) == 1
    assert FixedSpread(100).half_ticks(10_001, 5_000) == 2
    assert FixedSpread(0).half_ticks(10_001, 5_000) == 0


def test_an_estimate_replaces_the_fallback() -> None:
    model = EstimatedSpread(100)
    assert model.half_ticks(20_000, -1) == 2
    assert model.half_ticks(20_000, 7_000) == 4
    assert model.half_ticks(20_000, 0) == 0


def test_impossible_spreads_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="half spread"):
        FixedSpread(-1)
    with pytest.raises(ConfigurationError, match="half spread"):
        EstimatedSpread(1_000_000)
