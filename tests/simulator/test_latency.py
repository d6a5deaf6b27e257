import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.latency import (
    ConstantLatency,
    LogNormalLatency,
    RecordedLatency,
    SampledLatency,
    measured_latencies,
)
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


def test_recorded_latency_is_read_off_the_line() -> None:
    model = RecordedLatency(((100, 10), (200, 30)))
    assert [model.draw(SeededStream(1), at) for at in (0, 100, 150, 200, 999)] == [
        10, 10, 20, 30, 30,
    ]  # fmt: skip
    assert model.floor_ns == 10
    steps = RecordedLatency(((100, 10), (200, 30)), is_stepwise=True)
    assert [steps.draw(SeededStream(1), at) for at in (0, 199, 200)] == [10, 10, 30]


def test_a_table_of_measurements_gives_three_models() -> None:
    found = measured_latencies([(0, 1, 2, 3), (10, 4, 5, 6)], is_stepwise=True)
    stream = SeededStream(1)
    assert [model.draw(stream, 10) for model in found] == [4, 5, 6]
    assert [model.floor_ns for model in found] == [1, 2, 3]


def test_sampled_latency_draws_what_was_measured() -> None:
    model = SampledLatency((5, 7, 7, 100))
    stream = SeededStream(3)
    drawn = [model.draw(stream, 0) for _ in range(2_000)]
    assert set(drawn) == {5, 7, 100}
    # 7 is half of them; three standard deviations of 2,000 draws are 67.
    assert abs(drawn.count(7) - 1_000) < 67
    assert model.floor_ns == 5


def test_impossible_measurements_are_refused() -> None:
    for wrong in ((), ((5, 1), (4, 1)), ((5, -1),)):
        with pytest.raises(ConfigurationError, match="samples in order of time"):
            RecordedLatency(wrong)
    with pytest.raises(ConfigurationError, match="at least one latency"):
        SampledLatency(())
