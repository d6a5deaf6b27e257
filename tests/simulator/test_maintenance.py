import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.money import MONEY_UNIT
from undertow.simulator.maintenance import Maintenance, MaintenanceTier

TIERS = (
    MaintenanceTier("0", 4_000),
    MaintenanceTier("50000", 5_000),
    MaintenanceTier("250000", 10_000),
    MaintenanceTier("1000000", 25_000),
)


def amount(tiers: tuple[MaintenanceTier, ...], value: str) -> float:
    return Maintenance(tiers).amount(int(value) * MONEY_UNIT) / MONEY_UNIT


def test_deductions_make_it_continuous() -> None:
    # Deductions 0, 50, 1300, 16300, as in Binance's published table for these tiers.
    assert amount(TIERS, "50000") == 200
    assert amount(TIERS, "100000") == 450
    assert amount(TIERS, "500000") == 3_700
    assert amount(TIERS, "2000000") == 33_700


def test_rate_of_the_first_tier() -> None:
    assert amount((MaintenanceTier("0", 5_000),), "1000") == 5
    assert Maintenance(TIERS).rate_ppm_max == 25_000


@pytest.mark.parametrize(
    "tiers",
    [
        (),
        (MaintenanceTier("5", 5_000),),
        (MaintenanceTier("0", 5_000), MaintenanceTier("0", 6_000)),
        (MaintenanceTier("0", 5_000), MaintenanceTier("10", 4_000)),
    ],
)
def test_impossible_tiers_are_refused(tiers: tuple[MaintenanceTier, ...]) -> None:
    with pytest.raises(ConfigurationError, match="maintenance tier"):
        Maintenance(tiers)


def test_leverage_falls_with_the_value() -> None:
    tiers = Maintenance(
        [MaintenanceTier("0", 4_000), MaintenanceTier("100", 5_000, max_leverage=5)]
    )
    assert tiers.leverage_max(99 * 10**18, 20) == 20
    assert tiers.leverage_max(100 * 10**18, 20) == 5
    assert tiers.leverage_max(100 * 10**18, 3) == 3
    with pytest.raises(ConfigurationError, match="max_leverage"):
        Maintenance([MaintenanceTier("0", 4_000, max_leverage=-1)])
