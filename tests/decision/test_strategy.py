import msgspec
import pytest

from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, UnknownNameError


class TwoWords(Strategy):
    """Does nothing."""

    fast: int = 12
    timeframe: str = "5m"


def test_the_name_is_the_class_in_snake_case() -> None:
    assert TwoWords.name == "two_words"
    assert TwoWords().strategy_id == "two_words"
    assert TwoWords(label="slow one").strategy_id == "slow one"


def test_fields_are_parameters() -> None:
    made = TwoWords(fast=3, check_every_ns=10)
    assert (made.fast, made.timeframe, made.check_every_ns) == (3, "5m", 10)
    with pytest.raises(AttributeError, match="immutable"):
        made.fast = 4


def test_made_from_a_configuration() -> None:
    assert msgspec.convert({"fast": 7}, TwoWords) == TwoWords(fast=7)
    with pytest.raises(msgspec.ValidationError, match="unknown field `fats`"):
        msgspec.convert({"fats": 7}, TwoWords)


def test_a_bare_assignment_to_a_parameter_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"annotation on Bare\.timeframe"):
        type("Bare", (Strategy,), {"timeframe": "5m"})


@pytest.mark.parametrize("settings", [{"timeframe": "7m"}, {"check_every_ns": -1}])
def test_impossible_settings_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        msgspec.convert(settings, Strategy, strict=True)


def test_presets_are_found_by_name() -> None:
    assert TwoWords.preset("default") == TwoWords()
    with pytest.raises(UnknownNameError, match="did you mean 'default'"):
        TwoWords.preset("defualt")
