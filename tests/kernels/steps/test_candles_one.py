"""Examples of every pattern of its kind, upside down too, and what spoils them."""

import pytest
from tests.kernels.steps.candle_examples import CALM, MIRRORED, ONE, last_value, upside_down

from undertow.kernels.steps import candles_one as steps


@pytest.mark.parametrize("name", ONE)
def test_the_example_completes_it(name: str) -> None:
    candles, value = ONE[name]
    step = getattr(steps, name.upper())
    assert last_value(step, CALM + candles, 12.0, 0.3) == value
    assert last_value(step, CALM, 12.0, 0.3) == 0.0


@pytest.mark.parametrize("name", sorted(set(ONE) & set(MIRRORED)))
def test_upside_down_it_says_the_opposite(name: str) -> None:
    candles, value = ONE[name]
    step = getattr(steps, name.upper())
    assert last_value(step, upside_down(CALM + candles), 12.0, 0.3) == -value


def test_a_pin_bar_is_mostly_one_shadow() -> None:
    share = 2.0 / 3.0
    assert last_value(steps.PIN_BAR, [(100, 101, 91, 100.5)], share) == 100.0
    assert last_value(steps.PIN_BAR, [(100, 109, 99, 99.5)], share) == -100.0
    assert last_value(steps.PIN_BAR, [(100, 103, 97, 100)], share) == 0.0
    assert last_value(steps.PIN_BAR, [(100, 100, 100, 100)], share) == 0.0


@pytest.mark.parametrize(
    ("candle", "value"),
    [
        ((100, 102, 95, 101.8), 100.0),
        ((100, 105, 98, 98.2), -100.0),
        ((100, 104, 95, 101), 0.0),  # closes too far from the high
        ((100, 102, 98, 101.8), 0.0),  # the wick is short
        ((100, 100, 90, 100), 0.0),  # neither up nor down
        ((100, 100, 100, 100), 0.0),
    ],
)
def test_a_rejection_wick(candle: tuple[float, float, float, float], value: float) -> None:
    assert last_value(steps.REJECTION_WICK, [candle], 2.0, 0.8) == value
