from fractions import Fraction

from undertow.domain.fixed import Step
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.ledger.account_name import AccountKind, venue_account
from undertow.ledger.position import Position
from undertow.ledger.valuation import Books, Prices, Valuation, Valuer


def _position(instrument: Instrument, strategy: str, side: Side, lots: int, ticks: int) -> Position:
    cost = instrument.cost(ticks, lots).amount
    return Position(
        position_id=strategy,
        strategy=StrategyId(strategy),
        instrument_id=instrument.instrument_id,
        side=side,
        lots=lots,
        cost=cost,
        entered_lots=lots,
        entered_cost=cost,
        opened_ns=0,
        entry_decision_id=DecisionId(""),
    )


def _books(*positions: Position, **wallet: str) -> Books:
    balances = {
        venue_account(AccountKind.WALLET, "aster", currency): Money.of(text, currency).amount
        for currency, text in wallet.items()
    }
    return Books(balances, positions)


def _value(table: InstrumentTable, books: Books, marks: dict[int, int]) -> Valuation:
    leverage = {InstrumentId("BTC/USDT:USDT@aster"): 4}
    return Valuer(table, "USDT", leverage).value(books, Prices(marks, {}))


def test_perp_profit_counts_and_margin_is_on_the_net(
    table: InstrumentTable, linear: Instrument
) -> None:
    books = _books(
        _position(linear, "alpha", Side.BUY, 3000, 1000),
        _position(linear, "beta", Side.SELL, 1000, 1000),
        USDT="500",
    )
    valuation = _value(table, books, {1: 900})
    aster = valuation.venues["aster"]
    assert valuation.equity.text == "480"  # -30 and +10
    assert valuation.exposure.text == "360"
    assert aster.margin.text == "45"  # 2 * 90 / 4
    assert aster.free_cash.text == "425"  # 500 - 45 - 30; the open profit may not be spent


def test_coins_are_valued_by_their_spot_market(table: InstrumentTable, spot: Instrument) -> None:
    books = _books(_position(spot, "alpha", Side.BUY, 100_000, 9000), USDT="10", BTC="1")
    valuation = _value(table, books, {0: 10_000})
    assert valuation.equity.text == "110"
    assert valuation.venues["aster"].free_cash.text == "10"
    assert valuation.unvalued == ()


def test_balances_without_a_rate_are_named(table: InstrumentTable) -> None:
    books = _books(USDT="10", BNB="2")
    valuation = _value(table, books, {})
    assert (valuation.equity.text, valuation.unvalued) == ("10", (Money.of("2", "BNB"),))


def test_rates_are_exact_where_they_are_exact(table: InstrumentTable) -> None:
    valuer, prices = Valuer(table, "USDT", {}), Prices({}, {"EUR": Fraction(1, 3)})
    assert valuer.amount(9 * 10**18, "EUR", prices) == 3 * 10**18
    assert valuer.amount(5, "USDT", prices) == 5
    assert valuer.amount(5, "GBP", prices) == 0


def test_coins_that_could_be_spent_belong_to_their_position(
    table: InstrumentTable, spot: Instrument
) -> None:
    more = Instrument(
        "ETH/BTC", "aster", "ETHBTC", MarketKind.SPOT, "ETH", "BTC", "BTC",
        price_step=Step.of("0.001"), qty_step=Step.of("0.01"),
    )  # fmt: skip
    wider = InstrumentTable([*table, more])
    books = _books(_position(spot, "alpha", Side.BUY, 100_000, 9000), USDT="10", BTC="1.5")
    valuation = _value(wider, books, {0: 10_000})
    assert valuation.venues["aster"].free_cash.text == "60"


def test_a_position_without_a_mark_counts_at_cost(
    table: InstrumentTable, linear: Instrument
) -> None:
    valuation = _value(table, _books(_position(linear, "a", Side.SELL, 1000, 1000)), {})
    assert (valuation.equity.text, valuation.exposure.text) == ("0", "100")
