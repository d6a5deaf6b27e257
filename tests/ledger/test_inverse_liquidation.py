"""Bybit's published examples, as quoted in DEFINITIONS."""

from math import isnan

import pytest

from undertow.domain.side import Side
from undertow.ledger.inverse_liquidation import (
    entry_based_inverse_price,
    inverse_bankruptcy_price,
    inverse_cross_liquidation_price,
    inverse_liquidation_price,
)


def test_at_the_mark() -> None:
    # 60,000 USD at 50,000, 10x, 0.5 %: PV 1.2 BTC, margin 0.12 BTC.
    long = inverse_liquidation_price(Side.BUY, 60_000, 50_000, 0.12, 0.005)
    short = inverse_liquidation_price(Side.SELL, 60_000, 50_000, 0.12, 0.005)
    assert long == pytest.approx(60_000 * 1.005 / 1.32)
    assert short == pytest.approx(60_000 * 0.995 / 1.08)
    # The definition: margin + side * (PV - size / P) = size / P * rate.
    for side, price in ((Side.BUY, long), (Side.SELL, short)):
        assert 0.12 + side * (1.2 - 60_000 / price) == pytest.approx(60_000 / price * 0.005)


def test_classic_example() -> None:
    # IM 0.12, MM 0.006: 60,000 / (1.2 + 0.114) and 60,000 / (1.2 - 0.114).
    found = entry_based_inverse_price(Side.BUY, 60_000, 50_000, 0.12, 0.005)
    assert found == pytest.approx(60_000 / 1.314)
    found = entry_based_inverse_price(Side.SELL, 60_000, 50_000, 0.12, 0.005)
    assert found == pytest.approx(60_000 / 1.086)


def test_legacy_cross_example() -> None:
    # Published: bankruptcy 5,718.57; liquidation 5,739.08 before its rounding to 5,739.50.
    found = inverse_bankruptcy_price(Side.BUY, 10_000, 8_000, 0.5, 0.00075)
    assert found == pytest.approx(5_718.57, abs=0.005)
    found = inverse_cross_liquidation_price(
        Side.BUY, 10_000, 8_000, 0.5, 0.005, closing_fee=0.00075
    )
    assert found == pytest.approx(5_739.08, abs=0.005)


def test_a_short_covered_by_coins_is_never_liquidated() -> None:
    assert isnan(inverse_liquidation_price(Side.SELL, 10_000, 10_000, 1.0, 0.005))
    assert isnan(inverse_bankruptcy_price(Side.SELL, 10_000, 10_000, 1.5))
