"""Points are told from prices by what the pair can cost."""

import numpy as np
import pytest

from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.layouts.point_prices import point_scale


@pytest.mark.parametrize(
    ("pair", "price", "scale"),
    [
        ("EURUSD", 129_613.0, 100_000.0),
        ("EURUSD", 1.29613, 1.0),
        ("USDJPY", 91_715.0, 1_000.0),
        ("USDJPY", 91.0, 1.0),
        ("XAUUSD", 154_759.0, 100.0),
        ("XAUUSD", 1_547.0, 1.0),
        ("BTCUSDT", 129_613.0, 1.0),
        ("EURUSD", 129_613.5, 1.0),
    ],
)
def test_points(pair: str, price: float, scale: float) -> None:
    assert point_scale(symbol_of(pair), np.array([price, price, np.nan])) == scale


def test_noise_is_no_fraction_and_nothing_is_no_price() -> None:
    assert point_scale(symbol_of("EURUSD"), np.array([129587.00000000001])) == 100_000.0
    assert point_scale(symbol_of("EURUSD"), np.array([])) == 1.0
