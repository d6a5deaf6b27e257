import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.tick_rule import tick_rule


def test_by_hand() -> None:
    prices = [10.0, 10.0, 10.1, 10.1, 10.1, 10.0, 10.0, 10.2]
    assert tick_rule(prices).tolist() == [0, 0, 1, 1, 1, -1, -1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_as_the_plain_twin(seed: int) -> None:
    prices = 100 + np.cumsum(np.random.default_rng(seed).integers(-1, 2, 500))
    wanted, sign = [], 0
    for k, price in enumerate(prices.tolist()):
        if k and price != prices[k - 1]:
            sign = 1 if price > prices[k - 1] else -1
        wanted.append(sign)
    assert tick_rule(prices).tolist() == wanted


def test_nothing_changes_and_nothing_at_all() -> None:
    assert tick_rule([5.0, 5.0]).tolist() == [0, 0]
    assert tick_rule([]).tolist() == []
    with pytest.raises(CallerError, match="finite"):
        tick_rule([1.0, np.nan])
