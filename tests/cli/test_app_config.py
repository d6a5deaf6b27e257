import json

import msgspec
import pytest

from undertow.cli.app_config import AppConfig, RunSection, StrategyEntry, journaled_text
from undertow.domain.errors import ConfigurationError


def test_the_defaults_are_paper_and_hold_together() -> None:
    config = AppConfig()
    assert config.run.mode == "paper"
    names = [entry.strategy().strategy_id for entry in config.strategies]
    assert names == ["scalper", "ema_cross"]


def test_live_needs_more_than_a_word() -> None:
    with pytest.raises(ConfigurationError, match="does not trade live"):
        RunSection(mode="live")


@pytest.mark.parametrize("wrong", [{"speed": "0"}, {"warm_up_s": -1}])
def test_wrong_values_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        msgspec.convert(wrong, RunSection)


def test_what_does_not_change_a_session_is_not_part_of_its_name() -> None:
    text = journaled_text(AppConfig())
    other = AppConfig(run=RunSection(speed="max"))
    assert journaled_text(other) == text
    assert journaled_text(AppConfig(run=RunSection(seed=8))) != text
    assert {"journal", "logs"}.isdisjoint(json.loads(text))


def test_a_journaled_text_gives_the_configuration_back() -> None:
    config = AppConfig(strategies=(StrategyEntry("ema_cross", parameters={"fast": 5}),))
    again = msgspec.json.decode(journaled_text(config), type=AppConfig)
    assert again.strategies == config.strategies
    assert again.engine == config.engine
