from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.domain.account import AccountView, MarketFacts, WorkingOrder
from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, DecisionId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Intent
from undertow.domain.money import Money
from undertow.domain.order import Limit, OrderState, Purpose, TimeInForce
from undertow.domain.position import PositionView
from undertow.domain.side import Side

PERP = InstrumentId("BTC/USDT:USDT@aster")
SPOT = InstrumentId("BTC/USDT@aster")
NOW = 1_767_571_200_000_000_000  # 2026-01-05 00:00 UTC


def usdt(text: str) -> Money:
    return Money.of(text, "USDT")


@pytest.fixture
def table() -> InstrumentTable:
    def row(symbol: str, kind: MarketKind, base: str) -> Instrument:
        return Instrument(
            symbol, "aster", base, kind, base, "USDT", "USDT", Step.of("0.1"), Step.of("0.001"),
            min_notional="5", max_leverage=1 if kind is MarketKind.SPOT else 20,
        )  # fmt: skip

    return InstrumentTable(
        [
            row("BTC/USDT:USDT", MarketKind.LINEAR, "BTC"),
            row("BTC/USDT", MarketKind.SPOT, "BTC"),
            row("ETH/USDT:USDT", MarketKind.LINEAR, "ETH"),
        ]
    )


@pytest.fixture
def market() -> MarketFacts:
    return MarketFacts(500_000, 499_999, 500_001, 100.0, True, 1.0, 1.0)


@pytest.fixture
def account() -> AccountView:
    money = usdt("10000")
    return AccountView(NOW, money, money, money, {"aster": money}, (), (), frozenset(), 0)


@pytest.fixture
def entry() -> Intent:
    """A long of BTC at 50,000 with its stop 0.4 % below."""
    return Intent(
        "i1", DecisionId("d1"), StrategyId("scalper"), PERP, Side.BUY, Purpose.ENTRY,
        Limit(500_100, TimeInForce.IOC), "cascade", NOW,
        reference_ticks=500_000, stop_ticks=498_000,
    )  # fmt: skip


MakePosition = Callable[..., PositionView]


@pytest.fixture
def position() -> MakePosition:
    def make(name: str = "p1", **changes: Any) -> PositionView:
        zero = usdt("0")
        view = PositionView(
            name, StrategyId("scalper"), PERP, 0, Side.BUY, 20, 500_000.0, NOW, 498_000, 500_000,
            500_000, zero, zero, zero, zero, usdt("1000"), usdt("4"), DecisionId("d0"),
        )  # fmt: skip
        return msgspec.structs.replace(view, **changes)

    return make


@pytest.fixture
def working() -> WorkingOrder:
    return WorkingOrder(
        ClientOrderId("ut1-o1"), PERP, StrategyId("scalper"), Side.BUY, Purpose.ENTRY,
        OrderState.OPEN, 20, usdt("1000"), NOW,
    )  # fmt: skip
