from typing import Any

import pytest

from undertow.backtest.settings import BacktestSettings
from undertow.domain.errors import ConfigurationError
from undertow.simulator.fill_preset import Fills


def test_the_default_is_pessimistic_and_sized_by_risk() -> None:
    settings = BacktestSettings()
    assert (settings.fills, settings.stake) == (Fills.PESSIMISTIC, "risk")
    assert not settings.is_research


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starting_balance": -1.0}, "starting balance above 0"),
        ({"starting_balance": float("nan")}, "starting balance above 0"),
        ({"fee": (0.2, 0.0)}, "fee as a share"),
        ({"tradable_ratio": 1.5}, "tradable ratio"),
        ({"max_open_trades": -1}, "max_open_trades of at least 0"),
        ({"leverage": -2}, "leverage of at least 0"),
        ({"start_ns": 5, "stop_ns": 5}, "a stretch of time"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        BacktestSettings(**change)
