import msgspec
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.asset_spec import ASSETS


def test_a_dozen_assets_each_once() -> None:
    assert len({spec.name for spec in ASSETS}) == len(ASSETS) == 12


def test_the_most_traded_comes_first() -> None:
    rates = [spec.orders_per_s for spec in ASSETS]
    assert rates[0] == max(rates)


@pytest.mark.parametrize("field", ["reference_price", "orders_per_s", "level_usd"])
def test_nothing_of_it_may_be_zero(field: str) -> None:
    with pytest.raises(ConfigurationError, match="expected positive"):
        msgspec.structs.replace(ASSETS[0], **{field: 0.0})


def test_spread_may_be_zero_but_not_negative() -> None:
    assert msgspec.structs.replace(ASSETS[0], half_spread_bps=0.0).half_spread_bps == 0.0
    with pytest.raises(ConfigurationError):
        msgspec.structs.replace(ASSETS[0], half_spread_bps=-0.1)
