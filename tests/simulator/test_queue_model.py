import pytest

from undertow.domain.errors import ConfigurationError
from undertow.kernels.matching import venue_state as codes
from undertow.simulator.queue_model import PowerQueue, QueueModel, queue_code


def test_each_model_has_its_own_code() -> None:
    found = [queue_code(model) for model in QueueModel]
    assert len(set(found)) == len(QueueModel)
    assert max(found) < codes.QUEUE_POWER


def test_a_power_model_carries_its_exponent() -> None:
    assert queue_code(PowerQueue(2.5)) == codes.QUEUE_POWER + 2_500
    with pytest.raises(ConfigurationError, match="expected an exponent"):
        PowerQueue(0)
