"""Binance's and Bybit's published examples, and the definition solved by bisection."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.side import Side
from undertow.ledger.liquidation_price import (
    bankruptcy_price,
    break_even_price,
    cross_liquidation_price,
    entry_based_liquidation_price,
    isolated_liquidation_price,
)
from undertow.ledger.margin_tiers import MarginTier, MarginTiers

ETH = MarginTiers([MarginTier(0, 0.05), MarginTier(2_707_300, 0.1)])  # cum 135,365
BTC = MarginTiers([MarginTier(0, 0.005), MarginTier(815_000, 0.025)])  # cum 16,300
TIERS = MarginTiers([MarginTier(0, 0.004), MarginTier(50_000, 0.005), MarginTier(250_000, 0.01)])


def test_binance_official_example() -> None:
    # FAQ b3c689c1f50a44cabb3a84e663b81d93: wallet 1,535,443.01; ETH 3,683.979 at 1,456.84 (mark
    # 1,335.18); BTC 109.488 at 32,481.98 (mark 31,967.27): 1,153.26 and 26,316.89.
    wallet = 1_535_443.01
    btc = {
        "others_maintenance": BTC.maintenance(109.488 * 31_967.27),
        "others_profit": 109.488 * (31_967.27 - 32_481.98),
    }
    eth = {
        "others_maintenance": ETH.maintenance(3_683.979 * 1_335.18),
        "others_profit": 3_683.979 * (1_335.18 - 1_456.84),
    }
    found = cross_liquidation_price(Side.BUY, 3_683.979, 1_456.84, wallet, ETH, **btc)
    assert found == pytest.approx(1_153.26, abs=0.01)
    found = cross_liquidation_price(Side.BUY, 109.488, 32_481.98, wallet, BTC, **eth)
    assert found == pytest.approx(26_316.89, abs=0.01)


def test_the_tier_is_that_of_the_liquidation_notional() -> None:
    # 1 coin at 50,100, 10x: entered in the tier of 0.5 %, liquidated below 50,000 in that of 0.4 %:
    # (50,100 * 0.9) / (1 - 0.004).
    found = isolated_liquidation_price(Side.BUY, 1, 50_100, 5_010, TIERS)
    assert found == pytest.approx(50_100 * 0.9 / 0.996)


def test_both_sides_with_one_tier() -> None:
    flat = MarginTiers.flat(0.005)
    assert isolated_liquidation_price(Side.BUY, 2, 100, 20, flat) == pytest.approx(90 / 0.995)
    assert isolated_liquidation_price(Side.SELL, 2, 100, 20, flat) == pytest.approx(110 / 1.005)
    with_fee = isolated_liquidation_price(Side.BUY, 2, 100, 20, flat, closing_fee=0.0005)
    assert with_fee == pytest.approx(90 / 0.9945)
    assert bankruptcy_price(Side.BUY, 2, 100, 20) == pytest.approx(90)
    assert bankruptcy_price(Side.SELL, 2, 100, 20) == pytest.approx(110)


def test_nothing_liquidates_a_position_that_is_paid_in_full() -> None:
    assert isnan(isolated_liquidation_price(Side.BUY, 1, 100, 100.1, MarginTiers.flat(0.005)))
    assert isnan(cross_liquidation_price(Side.BUY, 0, 100, 5, TIERS))
    assert isnan(bankruptcy_price(Side.BUY, 1, 100, 101))


def test_bybit_classic_formula() -> None:
    # 1 BTC at 20,000, 50x, 0.5 %: 20,000 - (400 - 100) = 19,700; 3,000 more margin: 16,700.
    flat = MarginTiers.flat(0.005)
    assert entry_based_liquidation_price(Side.BUY, 1, 20_000, 50, flat) == pytest.approx(19_700)
    assert entry_based_liquidation_price(
        Side.BUY, 1, 20_000, 50, flat, extra=3_000
    ) == pytest.approx(16_700)
    assert entry_based_liquidation_price(Side.SELL, 1, 20_000, 50, flat) == pytest.approx(20_300)


def test_fees_are_earned_back_at_break_even() -> None:
    price = break_even_price(Side.BUY, 100, 0.001)
    assert price == pytest.approx(100 * 1.001 / 0.999)
    short = break_even_price(Side.SELL, 100, 0.001, 0.0002)
    assert 100 - short == pytest.approx(100 * 0.001 + short * 0.0002)


@given(
    st.sampled_from(list(Side)),
    st.floats(0.1, 20),
    st.floats(1_000, 60_000),
    st.floats(1.5, 100),
)
def test_equity_meets_maintenance_there(
    side: Side, qty: float, entry: float, leverage: float
) -> None:
    margin = qty * entry / leverage
    price = isolated_liquidation_price(side, qty, entry, margin, TIERS)
    if isnan(price):
        # Already below maintenance at the entry, where no price in reach is consistent.
        assert side is Side.BUY
        return
    equity = margin + side * qty * (price - entry)
    assert equity == pytest.approx(TIERS.maintenance(qty * price), rel=1e-6, abs=1e-6)
