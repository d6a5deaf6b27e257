from collections.abc import Callable

from undertow.domain.intent import Intent
from undertow.domain.order import Limit, Market, TimeInForce, TriggerWhen
from undertow.domain.side import Side
from undertow.execution.execution_config import EntryStyle, StrategyPolicy
from undertow.execution.order_terms import entry_terms, stop_terms

MakeIntent = Callable[..., Intent]


def test_a_marketable_entry_pays_no_more_than_its_cap(make_intent: MakeIntent) -> None:
    policy = StrategyPolicy(slippage_ppm=1_500)
    buy = make_intent(side=Side.BUY, reference_ticks=1_000)
    sell = make_intent(side=Side.SELL, reference_ticks=1_000)
    assert entry_terms(buy, policy) == Limit(1_001, TimeInForce.IOC)
    assert entry_terms(sell, policy) == Limit(999, TimeInForce.IOC)


def test_styles(make_intent: MakeIntent) -> None:
    intent = make_intent(reference_ticks=1_000)
    post = StrategyPolicy(entry_style=EntryStyle.POST_ONLY)
    assert entry_terms(intent, post) == Limit(1_000, TimeInForce.GTC, is_post_only=True)
    assert entry_terms(intent, StrategyPolicy(entry_style=EntryStyle.MARKET)) == Market()


def test_terms_that_the_intent_states_are_its_own(make_intent: MakeIntent) -> None:
    intent = make_intent(terms=Limit(7), reference_ticks=1_000)
    assert entry_terms(intent, StrategyPolicy()) == Limit(7)


def test_no_reference_no_limit(make_intent: MakeIntent) -> None:
    assert entry_terms(make_intent(), StrategyPolicy()) is None


def test_stops_are_released_against_the_position() -> None:
    assert stop_terms(Side.BUY, 9).when is TriggerWhen.FALLS_TO
    assert stop_terms(Side.SELL, 9).when is TriggerWhen.RISES_TO
    assert stop_terms(Side.SELL, 9).then == Market()
