import numpy as np
import pytest

from undertow.indicators import candle_formations, candles
from undertow.indicators.candle_pattern import CandlePattern

PATTERNS = [
    kind
    for kind in (*candles.INDICATORS, *candle_formations.INDICATORS)
    if issubclass(kind, CandlePattern)
]


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_pattern_takes_four_prices_and_waits_for_its_candles(kind: type[CandlePattern]) -> None:
    made = kind()
    assert made.inputs == ("open", "high", "low", "close")
    assert made.warmup == kind.before
    still = [np.full(kind.before + 1, 7.0)] * 4
    value = made.batch(*still)["value"]
    assert np.isnan(value[:-1]).all()
    assert abs(value[-1]) in {0.0, 100.0}


def test_all_of_ta_lib_is_there() -> None:
    assert len(PATTERNS) == 61
    assert len({kind.name for kind in PATTERNS}) == 61
