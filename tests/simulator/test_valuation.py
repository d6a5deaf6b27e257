from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.money import MONEY_UNIT
from undertow.simulator.valuation import (
    lot_scale,
    mark_at_loss,
    profit_at,
    share_ppm,
    tick_e8,
    value_at,
)

E8 = 10**8
LINEAR, INVERSE = 1, 2
MARK = st.integers(E8, 10**13)


def fine(kind: MarketKind, tick: str = "0.01") -> Instrument:
    return Instrument(
        "X", "aster", "X", kind, "B", "USDT", "USDT", Step.of(tick), Step.of("0.001"),
        contract_size=Step.of("0.5"),
    )  # fmt: skip


def test_value_linear_and_inverse(table: Any) -> None:
    assert value_at(table[LINEAR], 105 * E8, 3) == 315 * MONEY_UNIT
    assert value_at(table[INVERSE], 200 * E8, 4) == 2 * MONEY_UNIT
    assert value_at(fine(MarketKind.LINEAR), 3 * E8, 7) == 105 * MONEY_UNIT // 10_000


def test_scales() -> None:
    assert lot_scale(fine(MarketKind.LINEAR)) == (5, 4)
    assert tick_e8(fine(MarketKind.LINEAR)) == (10**6, 1)
    assert tick_e8(fine(MarketKind.LINEAR, "0.0000000001")) == (1, 100)
    assert share_ppm(10**6, 500) == 500


def test_profit_follows_the_side_and_the_kind(table: Any) -> None:
    entry = 300 * MONEY_UNIT
    assert profit_at(table[LINEAR], 105 * E8, 3, entry) == 15 * MONEY_UNIT
    assert profit_at(table[LINEAR], 105 * E8, -3, entry) == -15 * MONEY_UNIT
    coin = value_at(table[INVERSE], 100 * E8, 2)
    assert profit_at(table[INVERSE], 200 * E8, 2, coin) == MONEY_UNIT
    assert profit_at(table[INVERSE], 200 * E8, -2, coin) == -MONEY_UNIT


@pytest.mark.parametrize("index", [LINEAR, INVERSE])
@settings(max_examples=200, deadline=None, derandomize=True)
@given(mark=MARK, lots=st.integers(-(10**6), 10**6).filter(bool), loss=st.integers(0, 10**24))
def test_mark_at_loss_is_never_too_far(
    table: Any, index: int, mark: int, lots: int, loss: int
) -> None:
    bound = mark_at_loss(table[index], mark, lots, loss)
    if bound is None or bound <= 0:
        return
    size = 100 if index == INVERSE else 1
    prices = Fraction(mark, E8), Fraction(bound, E8)
    if index == LINEAR:
        change = lots * (prices[1] - prices[0])
    else:
        change = lots * size * (1 / prices[0] - 1 / prices[1])
    assert -change * MONEY_UNIT <= loss + 2
