"""Presets: what they set, what they share, and how wrong names are answered."""

from typing import Any

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.fill_preset import Fills, describe, exchange_config
from undertow.simulator.queue_model import PowerQueue, QueueModel
from undertow.timeline.market_data import DataFidelity

FILL_FIELDS = {
    "queue_model", "slippage", "half_spread", "at_share_ppm", "intrabar_path", "is_gap_improved",
}  # fmt: skip


def test_pessimistic_is_what_a_venue_is_without_a_preset() -> None:
    assert exchange_config(Fills.PESSIMISTIC, DataFidelity.L2) == ExchangeConfig()


@pytest.mark.parametrize("fidelity", list(DataFidelity))
def test_presets_differ_in_fill_assumptions_alone(fidelity: DataFidelity) -> None:
    configs = [exchange_config(fills, fidelity) for fills in Fills]
    for name in ExchangeConfig.__struct_fields__:
        values = [getattr(config, name) for config in configs]
        if name not in FILL_FIELDS:
            assert values[0] == values[1] == values[2], name


def test_each_class_of_data_is_matched_in_its_own_way() -> None:
    found = [exchange_config("base", data).fidelity for data in DataFidelity]
    assert found == [Fidelity.BOOK, Fidelity.QUOTES, Fidelity.TRADES, Fidelity.BARS]
    assert exchange_config("base", Fidelity.BARS).fidelity is Fidelity.BARS


def test_overrides_win() -> None:
    config = exchange_config(Fills.BASE, DataFidelity.L2, queue_model=PowerQueue(2), leverage=3)
    assert (config.queue_model, config.leverage) == (PowerQueue(2), 3)
    assert exchange_config(Fills.BASE, DataFidelity.L2).queue_model is QueueModel.PROPORTIONAL


@pytest.mark.parametrize(
    ("fills", "more", "told"),
    [
        ("pesimistic", {}, "did you mean 'pessimistic'"),
        ("base", {"levarage": 3}, "did you mean 'leverage'"),
    ],
)
def test_wrong_names_are_answered(fills: str, more: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        exchange_config(fills, DataFidelity.BARS, **more)


def test_the_assumptions_can_be_read() -> None:
    lines = describe(exchange_config(Fills.PESSIMISTIC, DataFidelity.BARS))
    assert lines[0].startswith("data: bars alone")
    assert any("only by trades through" in line for line in lines)
