import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.latency import ConstantLatency, LogNormalLatency
from undertow.simulator.seeded_stream import SeededStream


def test_constant() -> None:
    model = ConstantLatency(7)
    assert model.floor_ns == 7
    assert model.draw(SeededStream(1), 0) == 7


def test_log_normal_has_its_floor_and_median() -> None:
    model = LogNormalLatency(floor_ns=1_000, median_ns=5_000, sigma=0.5)
    stream = SeededStream(3)
    drawn = sorted(model.draw(stream, 0) for _ in range(4_001))
    assert drawn[0] > 1_000
    assert 4_850 < drawn[2_000] < 5_150
    assert drawn[-1] > 12_000


@pytest.mark.parametrize(
    ("floor_ns", "median_ns", "sigma"), [(-1, 5, 0.5), (6, 5, 0.5), (1, 5, -0.1), (1, 5, 9.0)]
)
def test_impossible_models_are_refused(floor_ns: int, median_ns: int, sigma: float) -> None:
    with pytest.raises(ConfigurationError, match="expected 0 <= floor_ns"):
        LogNormalLatency(floor_ns, median_ns, sigma)
    with pytest.raises(ConfigurationError, match="found -1"):
        ConstantLatency(-1)
