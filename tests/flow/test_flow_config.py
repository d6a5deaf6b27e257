"""The configuration refuses what the memory cannot hold."""

import msgspec
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.flow.flow_config import DEFAULT_FLOW_CONFIG, LEAST, FlowConfig


def test_defaults_are_valid_and_shared() -> None:
    assert FlowConfig() == DEFAULT_FLOW_CONFIG
    assert DEFAULT_FLOW_CONFIG.lateness_ns == 1_000_000_000


@pytest.mark.parametrize("name", LEAST)
def test_too_small_a_number_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} of at least {LEAST[name]}, found"):
        msgspec.structs.replace(FlowConfig(), **{name: LEAST[name] - 1})
    msgspec.structs.replace(FlowConfig(), **{name: LEAST[name]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lateness_ns", 91 * 10**9),
        ("large_seconds", 901),
        ("bars_1s", 901),
        ("wall_percentile", 101),
    ],
)
def test_too_great_a_number_is_refused(name: str, value: int) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} of at most"):
        msgspec.structs.replace(FlowConfig(), **{name: value})


def test_both_sides_of_the_heatmap_have_as_many_rows() -> None:
    with pytest.raises(ConfigurationError, match="heat_rows to be even, found 7"):
        FlowConfig(heat_rows=7)


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="latenes_ns"):
        msgspec.convert({"latenes_ns": 5}, FlowConfig)
