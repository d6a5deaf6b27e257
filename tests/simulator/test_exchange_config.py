from typing import Any

import msgspec
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.exchange_config import ExchangeConfig, Fidelity, QueueModel
from undertow.simulator.latency import ConstantLatency, LogNormalLatency

MS = 1_000_000


def test_defaults_are_pessimistic() -> None:
    config = ExchangeConfig()
    assert config.fidelity is Fidelity.BOOK
    assert config.queue_model is QueueModel.PESSIMISTIC
    assert config.order_latency == config.response_latency == ConstantLatency(20 * MS)
    assert config.feed_latency == ConstantLatency(5 * MS)
    assert config.market_cap_ppm == 50_000


def test_reads_and_writes_as_text() -> None:
    config = ExchangeConfig(order_latency=LogNormalLatency(), queue_model=QueueModel.OPTIMISTIC)
    assert msgspec.json.decode(msgspec.json.encode(config), type=ExchangeConfig) == config
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.json.decode(b'{"feed_latenzy": {}}', type=ExchangeConfig)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout_ns": 1},
        {"market_cap_ppm": 0},
        {"limit_band_ppm": -1},
        {"leverage": -1},
        {"ladder_levels": 0},
    ],
)
def test_impossible_configurations_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        ExchangeConfig(**wrong)
