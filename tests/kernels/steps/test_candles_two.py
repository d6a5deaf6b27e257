"""Examples of every pattern of its kind, upside down too, and what spoils them."""

import pytest
from tests.kernels.steps.candle_examples import CALM, MIRRORED, TWO, last_value, upside_down

from undertow.kernels.steps import candles_two as steps


@pytest.mark.parametrize("name", TWO)
def test_the_example_completes_it(name: str) -> None:
    candles, value = TWO[name]
    step = getattr(steps, name.upper())
    assert last_value(step, CALM + candles, 12.0, 0.3) == value
    assert last_value(step, CALM, 12.0, 0.3) == 0.0


@pytest.mark.parametrize("name", sorted(set(TWO) & set(MIRRORED)))
def test_upside_down_it_says_the_opposite(name: str) -> None:
    candles, value = TWO[name]
    step = getattr(steps, name.upper())
    assert last_value(step, upside_down(CALM + candles), 12.0, 0.3) == -value
