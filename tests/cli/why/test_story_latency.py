from collections.abc import Callable

import msgspec

from undertow.cli.why.order_story import OrderStory, SeenBar, Wake
from undertow.cli.why.story_latency import latencies
from undertow.domain.time import NS_PER_S

LONG, SHORT = "BTC/USDT:USDT@aster", "BTC/USDT:USDT@borea"


def test_the_way_of_an_exit_is_measured(story: Callable[[str, str], OrderStory]) -> None:
    told = story(LONG, "exit")
    ways = {latency.stretch: latency.ms for latency in told.latencies}
    assert ways["acted to sent"] == 0.0
    assert ways["sent to accepted at the venue"] == 20.0
    assert ways["sent to first fill heard"] == 40.0
    assert ways["last trade: event to receipt"] == told.trades[-1].feed_latency_ms
    assert "sent to last fill heard" not in ways


def test_several_fills_have_a_last_one(story: Callable[[str, str], OrderStory]) -> None:
    stretches = [latency.stretch for latency in story(SHORT, "protect").latencies]
    assert stretches[-1] == "sent to last fill heard"


def test_a_bar_s_end_is_a_start_too(story: Callable[[str, str], OrderStory]) -> None:
    told = story(LONG, "entry")
    acted_ns = told.order.sent_ns
    ended_ns = acted_ns - NS_PER_S
    numbers = dict.fromkeys(("open", "high", "low", "close", "volume", "buy_volume"), "1")
    opened_ns = ended_ns - 60 * NS_PER_S
    bar = SeenBar(timeframe="1m", open_time_ns=opened_ns, at_ns=acted_ns, **numbers)
    wake = Wake(kind="bar", what="", at_ns=acted_ns, sequence=1)
    found = latencies(msgspec.structs.replace(told.order, life=()), wake, (bar,), ())
    assert [(one.stretch, one.ms) for one in found] == [
        ("bar ended to acted", 1000.0),
        ("acted to sent", 0.0),
    ]
