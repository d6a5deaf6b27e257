"""Instruments, a maker of fills, and the books once more in plain fractions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest

from undertow.domain.fixed import Step
from undertow.domain.identity import ClientOrderId, DecisionId, FillId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.order import Liquidity, Purpose
from undertow.domain.side import Side
from undertow.ledger.fill import Fill
from undertow.ledger.ledger import Ledger

SPOT = Instrument(
    symbol="BTC/USDT",
    venue="aster",
    raw_symbol="BTCUSDT",
    kind=MarketKind.SPOT,
    base="BTC",
    quote="USDT",
    settle="USDT",
    price_step=Step.of("0.01"),
    qty_step=Step.of("0.00001"),
)
LINEAR = Instrument(
    symbol="BTC/USDT:USDT",
    venue="aster",
    raw_symbol="BTCUSDT",
    kind=MarketKind.LINEAR,
    base="BTC",
    quote="USDT",
    settle="USDT",
    price_step=Step.of("0.1"),
    qty_step=Step.of("0.001"),
)
INVERSE = Instrument(
    symbol="BTC/USD:BTC",
    venue="borea",
    raw_symbol="BTCUSD",
    kind=MarketKind.INVERSE,
    base="BTC",
    quote="USD",
    settle="BTC",
    price_step=Step.of("0.5"),
    qty_step=Step.of("1"),
    contract_size=Step.of("100"),
)
TABLE = InstrumentTable([SPOT, LINEAR, INVERSE])

Row = tuple[Instrument, str, Side, int, int, Money]
"""instrument, strategy, side, lots, ticks, fee"""
MakeFill = Callable[..., Fill]


@dataclass
class PlainBooks:
    """What the fills mean, in exact fractions and by the shortest road: average cost."""

    lots: dict[tuple[str, str], int]
    cost: dict[tuple[str, str], Fraction]
    realised: dict[tuple[str, str], Fraction]
    fees: dict[str, Fraction]
    roundings: int = 0


def _worth(instrument: Instrument, ticks: int, lots: int) -> Fraction:
    def plain(step: Step) -> Fraction:
        return Fraction(step.coefficient, 10**step.digits)

    qty = lots * plain(instrument.qty_step) * plain(instrument.contract_size)
    price = ticks * plain(instrument.price_step)
    return qty / price if instrument.kind is MarketKind.INVERSE else qty * price


def plain_books(rows: Sequence[Row]) -> PlainBooks:
    """Recompute everything from the fills alone."""
    books = PlainBooks({}, {}, {}, {})
    for instrument, strategy, side, lots, ticks, fee in rows:
        key = (strategy, str(instrument.instrument_id))
        held, cost = books.lots.get(key, 0), books.cost.get(key, Fraction(0))
        gain = books.realised.get(key, Fraction(0))
        closing = min(lots, abs(held)) if held * side < 0 else 0
        if closing:
            released = cost * closing / abs(held)
            worth = _worth(instrument, ticks, closing)
            sign = 1 if held > 0 else -1
            sign = -sign if instrument.kind is MarketKind.INVERSE else sign
            gain += sign * (worth - released)
            cost -= released
        books.lots[key] = held + side * lots
        books.cost[key] = cost + _worth(instrument, ticks, lots - closing)
        books.realised[key] = gain
        books.fees[fee.currency] = books.fees.get(fee.currency, Fraction(0)) + fee.amount
        books.roundings += 3
    return books


@pytest.fixture(scope="session")
def spot() -> Instrument:
    return SPOT


@pytest.fixture(scope="session")
def linear() -> Instrument:
    return LINEAR


@pytest.fixture(scope="session")
def inverse() -> Instrument:
    return INVERSE


@pytest.fixture(scope="session")
def table() -> InstrumentTable:
    return TABLE


@pytest.fixture(scope="session")
def plain() -> Callable[[Sequence[Row]], PlainBooks]:
    return plain_books


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(TABLE)


class FillMaker:
    """make(instrument, side, qty text, price text, fee, strategy): fills f1, f2, ... ."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(
        self,
        instrument: Instrument,
        side: Side,
        qty: str,
        price: str,
        fee: Money | None = None,
        *,
        strategy: str = "alpha",
        reason: str = "signal",
    ) -> Fill:
        self._count += 1
        return Fill(
            fill_id=FillId(f"f{self._count}"),
            client_order_id=ClientOrderId(f"ut1-o{self._count}"),
            venue=instrument.venue,
            strategy=StrategyId(strategy),
            instrument_id=instrument.instrument_id,
            side=side,
            price_ticks=instrument.ticks(price),
            qty_lots=instrument.lots(qty),
            liquidity=Liquidity.TAKER,
            fee=fee or Money.zero(instrument.settle),
            purpose=Purpose.ENTRY,
            decision_id=DecisionId(f"ut1-d{self._count}"),
            reason=reason,
            event_time_ns=self._count,
            at_ns=self._count * 1000,
        )


@pytest.fixture
def make_fill() -> MakeFill:
    return FillMaker()


@pytest.fixture(scope="session")
def many_fills() -> MakeFill:
    """The same for properties: its ids just go on from example to example."""
    return FillMaker()
