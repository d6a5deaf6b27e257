import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind


@pytest.fixture
def spot() -> Instrument:
    return Instrument(
        "BTC/USDT", "aster", "BTCUSDT", MarketKind.SPOT, "BTC", "USDT", "USDT",
        Step.of("0.01"), Step.of("0.00001"), min_notional="5",
    )  # fmt: skip


@pytest.fixture
def linear() -> Instrument:
    return Instrument(
        "BTC/USDT:USDT", "aster", "BTCUSDT", MarketKind.LINEAR, "BTC", "USDT", "USDT",
        Step.of("0.5"), Step.of("1"), contract_size=Step.of("0.001"), max_leverage=10,
    )  # fmt: skip


@pytest.fixture
def inverse() -> Instrument:
    return Instrument(
        "BTC/USD:BTC", "aster", "BTCUSD_PERP", MarketKind.INVERSE, "BTC", "USD", "BTC",
        Step.of("0.1"), Step.of("1"), contract_size=Step.of("100"), max_leverage=10,
    )  # fmt: skip
