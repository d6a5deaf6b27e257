"""Tiers of the Binance FAQ as quoted in DEFINITIONS: 264,000 USDT at 1 %, 500,000 with 1,300."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.ledger.margin_tiers import MarginTier, MarginTiers

BTC = MarginTiers(
    [
        MarginTier(0, 0.004, 125),
        MarginTier(50_000, 0.005, 100),
        MarginTier(250_000, 0.01, 50),
        MarginTier(1_000_000, 0.025, 20),
    ]
)


def test_amounts_of_the_published_table() -> None:
    # 50 = 50,000 * 0.1 %, 1,300 = 250,000 * 0.5 % + 50, 16,300 = 1,000,000 * 1.5 % + 1,300.
    assert BTC.cums == pytest.approx((0, 50, 1_300, 16_300))
    assert BTC.maintenance(264_000) == pytest.approx(2_640 - 1_300)
    assert BTC.maintenance(500_000) == pytest.approx(5_000 - 1_300)


@given(st.sampled_from([50_000.0, 250_000.0, 1_000_000.0]))
def test_maintenance_is_continuous(floor: float) -> None:
    assert BTC.maintenance(floor - 1e-6) == pytest.approx(BTC.maintenance(floor), abs=1e-4)


def test_leverage_is_looked_up_never_interpolated() -> None:
    assert BTC.max_leverage(49_999, 125) == 125
    assert BTC.max_leverage(50_000, 125) == 100
    assert BTC.max_leverage(5_000_000, 125) == 20
    assert MarginTiers.flat(0.01).max_leverage(10.0, 7) == 7


def test_impossible_tiers_are_refused() -> None:
    for wrong in ([], [MarginTier(1, 0.01)], [MarginTier(0, 0.02), MarginTier(5, 0.01)]):
        with pytest.raises(CallerError, match="expected margin tiers"):
            MarginTiers(wrong)
    with pytest.raises(CallerError, match="rates"):
        MarginTiers.flat(1.0)
