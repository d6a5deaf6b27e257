from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.account import MarketFacts
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Action, Signal
from undertow.domain.money import Money
from undertow.domain.order import Limit, Market, Purpose, TimeInForce
from undertow.domain.position import PositionView
from undertow.domain.side import Side
from undertow.engine.intents import closing_intent, entry_intent

NAME = InstrumentId("BTC/USDT:USDT@aster")
STRATEGY = StrategyId("s")
DECISION = DecisionId("d")


def _signal(side: Side = Side.BUY) -> Signal:
    return Signal(
        STRATEGY, NAME, Action.ENTER, side, "why", entry_ticks=90, stop_ticks=80,
        take_profit_ticks=120, trail_ppm=7,
    )  # fmt: skip


def _market(last: int, bid: int, ask: int) -> MarketFacts:
    return MarketFacts(last, bid, ask, 5.0, True, 1.0, 1.0)


def test_a_buy_pays_at_most_its_slippage_beyond_the_ask() -> None:
    intent = entry_intent("i", DECISION, _signal(), _market(100_000, 99_990, 100_010), 300)
    assert intent.terms == Limit(100_010 + 30, TimeInForce.IOC)
    assert intent.reference_ticks == 100_010
    assert (intent.purpose, intent.qty_lots) == (Purpose.ENTRY, 0)
    assert (intent.stop_ticks, intent.take_profit_ticks, intent.trail_ppm) == (80, 120, 7)
    assert (intent.reason, intent.decision_id, intent.intent_id) == ("why", DECISION, "i")


def test_a_sale_takes_at_least_its_slippage_below_the_bid() -> None:
    market = _market(100_000, 99_990, 100_010)
    intent = entry_intent("i", DECISION, _signal(Side.SELL), market, 300)
    assert intent.terms == Limit(99_990 - 29, TimeInForce.IOC)


def test_without_a_quote_the_last_price_counts_and_then_the_signals_own() -> None:
    assert entry_intent("i", DECISION, _signal(), _market(70, 0, 0), 0).reference_ticks == 70
    assert entry_intent("i", DECISION, _signal(), _market(0, 0, 0), 0).reference_ticks == 90


@given(st.sampled_from(Side), st.integers(2, 10**9), st.integers(0, 100), st.integers(0, 999_999))
def test_the_limit_is_marketable_and_inside_its_cap(
    side: Side, bid: int, spread: int, slippage_ppm: int
) -> None:
    intent = entry_intent(
        "i", DECISION, _signal(side), _market(bid, bid, bid + spread), slippage_ppm
    )
    assert isinstance(intent.terms, Limit)
    beyond = side * (intent.terms.price_ticks - intent.reference_ticks)
    assert 1 <= beyond <= max(1, intent.reference_ticks * slippage_ppm // 1_000_000)
    assert intent.reference_ticks == (bid + spread if side is Side.BUY else bid)


def test_closing_takes_the_whole_position_at_market() -> None:
    money = Money.zero("USDT")
    held = PositionView(
        "p", STRATEGY, NAME, 0, Side.SELL, 42, 100.0, 1, 0, 0, 99, money, money, money, money,
        money, money, DecisionId("e"),
    )  # fmt: skip
    intent = closing_intent("i", DECISION, held, Purpose.FLATTEN, "enough")
    assert (intent.side, intent.qty_lots, intent.terms) == (Side.BUY, 42, Market())
    assert (intent.purpose, intent.reference_ticks, intent.reason) == (
        Purpose.FLATTEN,
        99,
        "enough",
    )
    assert intent.stop_ticks == 0
