from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.cli.view.event_feed import EventFeed, Item
from undertow.cli.view.palette import BAD
from undertow.domain import event as events
from undertow.domain.event import PositionClosed, SignalRejected, TradingSignalGenerated
from undertow.domain.identity import ClientOrderId, DecisionId, InstrumentId

PERP = InstrumentId("BTC/USDT:USDT@aster")
ORDER = ClientOrderId("ut1-o1")


@pytest.fixture
def feed(open_run: Any) -> EventFeed:
    return EventFeed(open_run.engine.table)


def of(run: Any, kind: type) -> list[Any]:
    return [item for item in run.recent if isinstance(item, kind)]


def test_a_run_s_story_is_told_in_order(small_run: Any, feed: EventFeed) -> None:
    feed.catch_up(small_run.recent)
    words = [line.word for line in feed.lines]
    assert words == [
        "refused", "signal", "signal", "signal", "fill", "open", "fill", "open", "fill", "open",
        "stop hit", "fill", "close", "signal", "fill", "close", "breaker", "fill", "close",
        "breaker",
    ]  # fmt: skip
    assert feed.lines[0].text.startswith("stop_too_far  BTC spot aster: stop_distance: 30003")
    assert "planned enter long BTC perp aster at 95,741.3 stop 95,358.4" in feed.lines[1].text
    assert feed.lines[4].text == "buy 0.052 BTC perp aster at 95,742.4 taker, ut1-o1"
    assert feed.lines[11].count == 2


def test_only_what_is_new_is_taken(small_run: Any, feed: EventFeed) -> None:
    items = list(small_run.recent)
    window: deque[Item] = deque(maxlen=12)
    whole = EventFeed(small_run.engine.table)
    whole.catch_up(items)
    for item in items:
        window.append(item)
        feed.catch_up(window)
        feed.catch_up(window)
    assert [line.text for line in feed.lines] == [line.text for line in whole.lines]


def test_repeated_refusals_are_one_counted_line(small_run: Any, feed: EventFeed) -> None:
    signal = of(small_run, TradingSignalGenerated)[0]
    refused = of(small_run, SignalRejected)[0]
    items: list[Item] = []
    for number in range(3):
        name = f"ut1-d{number}"
        items.append(msgspec.structs.replace(signal, decision_id=name))
        items.append(msgspec.structs.replace(refused, decision_id=name))
    feed.catch_up(items)
    assert [(line.word, line.count) for line in feed.lines] == [("refused", 3)]


def test_a_loss_is_red(small_run: Any, feed: EventFeed) -> None:
    feed.catch_up(of(small_run, PositionClosed)[:1])
    line = feed.lines[0]
    assert line.text.startswith("-5.37 USDT (-0.11%) BTC perp borea: stop_loss")
    assert line.style == BAD


Make = Callable[[], Item]


@pytest.mark.parametrize(
    ("make", "word", "text"),
    [
        (lambda: events.CircuitBreakerReset(at_ns=1, rule="pause"), "reset", "pause: entries"),
        (lambda: events.MarketDataConnectionLost(at_ns=1, source="s", reason="r"), "lost", "s: r"),
        (lambda: events.MarketDataConnectionRestored(at_ns=1, source="s"), "back", "s is"),
        (lambda: events.SystemFailure(at_ns=1, component="c", error="e"), "failure", "c: e"),
        (
            lambda: events.PositionReconciliationFailed(
                at_ns=1, venue="v", discrepancies=("a", "b")
            ),
            "differs",
            "v: a; b",
        ),
        (
            lambda: events.OrderFailed(
                at_ns=1, client_order_id=ORDER, instrument_id=PERP, reason="r"
            ),
            "failed",
            "ut1-o1 BTC perp aster: r",
        ),
        (
            lambda: events.OrderOutcomeUnknown(
                at_ns=1, client_order_id=ORDER, instrument_id=PERP, request="submit"
            ),
            "unknown",
            "ut1-o1 BTC perp aster: outcome of submit not known",
        ),
        (
            lambda: events.ForceExitRequired(
                at_ns=1, instrument_id=PERP, rule="ladder", reason="r"
            ),
            "force",
            "ladder BTC perp aster: r",
        ),
        (
            lambda: events.ExecutionValidationFailed(
                at_ns=1, decision_id=DecisionId("d"), instrument_id=PERP, check="c", reason="r"
            ),
            "invalid",
            "c  BTC perp aster: r",
        ),
    ],
)
def test_trouble_is_told(feed: EventFeed, make: Make, word: str, text: str) -> None:
    feed.catch_up([make()])
    assert feed.lines[0].word == word
    assert feed.lines[0].text.startswith(text)


def test_chatter_is_passed_over(open_run: Any, feed: EventFeed) -> None:
    feed.catch_up(of(open_run, events.DecisionMade))
    feed.catch_up([])
    assert not feed.lines
