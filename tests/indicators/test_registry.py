import pytest

from undertow.decision.indicator_set import INPUTS
from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.indicators.momentum import Rsi
from undertow.indicators.registry import FAMILIES, INDICATORS, family_of, make_indicator


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_every_entry_describes_itself(name: str) -> None:
    kind = INDICATORS[name]
    assert kind.name == name
    assert 0 < len(kind.summary) <= 90
    assert kind.source
    assert kind.outputs[0] == "value"
    assert set(kind.inputs) <= set(INPUTS)


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_listed_defaults_are_the_real_ones(name: str) -> None:
    kind = INDICATORS[name]
    assert make_indicator(name).settings == {p.name: p.default for p in kind.parameters}


def test_parameters_can_be_set() -> None:
    made = make_indicator("rsi", {"period": 7})
    assert isinstance(made, Rsi)
    assert made.warmup == 7


def test_wrong_names_are_answered_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'hurst'"):
        make_indicator("hurts")
    with pytest.raises(ConfigurationError, match="did you mean 'period'"):
        make_indicator("ema", {"perio": 3})


def test_there_are_many_and_no_two_alike() -> None:
    kinds = [kind for family in FAMILIES.values() for kind in family]
    assert len(kinds) >= 150
    assert len({kind.name for kind in kinds}) == len(kinds)
    assert len({kind.summary for kind in kinds}) == len(kinds)
    assert len({kind.__name__ for kind in kinds}) == len(kinds)


def test_each_belongs_to_a_family() -> None:
    assert family_of("ema") == "averages"
    assert family_of("engulfing") == "candles"
    assert {family_of(name) for name in INDICATORS} == set(FAMILIES)
