import msgspec
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.execution.execution_config import EntryStyle, ExecutionConfig, StrategyPolicy


def test_policies_by_strategy() -> None:
    maker = StrategyPolicy(entry_style=EntryStyle.POST_ONLY)
    config = ExecutionConfig(policies={"maker": maker})
    assert config.policy("maker") is maker
    assert config.policy("other") == StrategyPolicy()


def test_unknown_keys_are_errors() -> None:
    with pytest.raises(msgspec.ValidationError, match="slipage_ppm"):
        msgspec.convert({"slipage_ppm": 1}, StrategyPolicy)


@pytest.mark.parametrize("name", ["slippage_ppm", "trail_ppm", "activation_ppm"])
def test_shares_are_below_one(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"expected {name} from 0 to 999999"):
        msgspec.convert({name: 1_000_000}, StrategyPolicy)


@pytest.mark.parametrize(
    "name", ["request_timeout_ns", "query_backoff_ns", "amend_interval_ns", "flatten_backoff_ns"]
)
def test_waits_are_positive(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"expected {name} above 0, found 0"):
        msgspec.convert({name: 0}, ExecutionConfig)


def test_there_is_always_a_stop() -> None:
    with pytest.raises(ConfigurationError, match="stop_fallback_ppm"):
        ExecutionConfig(stop_fallback_ppm=0)
