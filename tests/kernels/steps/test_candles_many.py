"""Examples of every pattern of its kind, upside down too, and what spoils them."""

import pytest
from tests.kernels.steps.candle_examples import CALM, MANY, MIRRORED, last_value, upside_down

from undertow.kernels.steps import candles_many as steps

_CONSTANTS = {"modified_hikkake": (7.0, 10.0), "hikkake": (5.0, 0.0)}


@pytest.mark.parametrize("name", MANY)
def test_the_example_completes_it(name: str) -> None:
    candles, value = MANY[name]
    step = getattr(steps, name.upper())
    constants = _CONSTANTS.get(name, (14.0, 0.3))
    assert last_value(step, CALM + candles, *constants) == value
    assert last_value(step, CALM, *constants) == 0.0


@pytest.mark.parametrize("name", sorted(set(MANY) & set(MIRRORED)))
def test_upside_down_it_says_the_opposite(name: str) -> None:
    candles, value = MANY[name]
    step = getattr(steps, name.upper())
    constants = _CONSTANTS.get(name, (14.0, 0.3))
    assert last_value(step, upside_down(CALM + candles), *constants) == -value
