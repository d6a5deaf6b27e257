"""Exact rates from last trades."""

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventKind
from undertow.engine.currency_rates import CurrencyRates
from undertow.flow.flow_state import FlowState


def _row(base: str, quote: str, tick: str, kind: MarketKind = MarketKind.SPOT) -> Instrument:
    settle = base if kind is MarketKind.INVERSE else quote
    symbol = f"{base}/{quote}" + ("" if kind is MarketKind.SPOT else f":{settle}")
    lot = Step.of("0.001")
    return Instrument(symbol, "aster", symbol, kind, base, quote, settle, Step.of(tick), lot)


TABLE = InstrumentTable(
    [
        _row("BTC", "USDT", "0.1"),
        _row("ETH", "USDC", "0.05"),
        _row("BTC", "USD", "0.5", MarketKind.INVERSE),
        _row("ETH", "BTC", "0.00001"),
        _row("USDC", "USDT", "0.0001"),
        _row("SOL", "EUR", "0.01"),
    ]
)

Trade = Callable[[int, int], None]


class _World:
    def __init__(self, pegs: Mapping[str, str]) -> None:
        self.flow = FlowState(TABLE, ["aster"])
        self.rates = CurrencyRates(TABLE, self.flow, "USDT", pegs)
        self.time_ns = 1_767_571_200_000_000_000

    def trade(self, index: int, ticks: int) -> None:
        self.time_ns += 1_000_000
        row = np.zeros(1, EVENT)
        row["event_time_ns"] = row["receive_time_ns"] = self.time_ns
        row["price_ticks"], row["qty_lots"], row["side"] = ticks, 1, 1
        row["instrument"], row["kind"] = index, EventKind.TRADE
        assert self.flow.advance(row, 0, 1, 2**62) == 1


@pytest.fixture
def world() -> _World:
    return _World({"USDC": "0.9998", "USD": "1"})


def test_the_reporting_currency_is_one_and_pegs_are_exact(world: _World) -> None:
    assert world.rates.rate("USDT") == 1
    assert world.rates.rate("USDC") == Fraction(9998, 10_000)
    assert world.rates.rates() == {"USDC": Fraction("0.9998"), "USD": 1, "USDT": 1}


def test_a_currency_has_no_rate_before_its_first_trade(world: _World) -> None:
    assert world.rates.rate("BTC") is None
    world.trade(2, 120_000)  # the inverse contract comes later in the table: it does not count
    assert world.rates.rate("BTC") is None
    world.trade(0, 600_001)
    assert world.rates.rate("BTC") == Fraction("60000.1")
    assert world.rates.marks() == {0: 600_001, 2: 120_000}


def test_a_price_in_a_pegged_currency_is_worth_the_peg(world: _World) -> None:
    world.trade(1, 70_001)
    assert world.rates.rate("ETH") == Fraction("3500.05") * Fraction("0.9998")


def test_what_no_fixed_currency_prices_stays_unknown(world: _World) -> None:
    world.trade(5, 15_000)
    assert world.rates.rate("SOL") is None
    assert world.rates.rate("EUR") is None
    assert world.rates.rate("XXX") is None


def test_a_fixed_currency_is_never_priced_by_a_trade(world: _World) -> None:
    world.trade(4, 9_000)
    assert world.rates.rate("USDC") == Fraction("0.9998")


def test_the_last_trade_counts(world: _World) -> None:
    for ticks in (600_000, 610_000, 605_000):
        world.trade(0, ticks)
    assert list(world.rates.rates()) == ["USD", "USDC", "USDT", "BTC"]
    assert world.rates.rates()["BTC"] == 60_500


@given(st.integers(1, 10**12), st.integers(1, 10**6))
def test_rates_are_exact(ticks: int, peg: int) -> None:
    world = _World({"USDC": f"{peg}e-6"})
    world.trade(1, ticks)
    assert world.rates.rate("ETH") == Fraction(ticks, 20) * Fraction(peg, 10**6)


def test_a_rate_follows_the_last_price(world: _World) -> None:
    # Kept between two trades, and never beyond the next.
    for ticks in (600_000, 600_000, 600_007, 599_993, 600_000):
        world.trade(0, ticks)
        assert world.rates.rate("BTC") == Fraction(ticks, 10)
        assert world.rates.rate("BTC") is world.rates.rate("BTC")
