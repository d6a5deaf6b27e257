from typing import Any

from undertow.cli.view.activity_panel import activity_panel
from undertow.cli.view.event_feed import EventFeed
from undertow.cli.view.view_state import ViewState


def test_the_newest_is_at_the_top(small_run: Any, small_state: ViewState) -> None:
    lines = [line.text for line in activity_panel(small_state.feed, height=3)]
    assert [line[:17].split() for line in lines] == [
        ["00:01:40", "breaker"], ["00:01:40", "close"], ["00:01:40", "fill"],
    ]  # fmt: skip
    assert "-12.73 USDT (-0.25%) BTC spot borea: EngageKillSwitch: enough" in lines[1]


def test_repeats_show_their_number(small_state: ViewState) -> None:
    lines = [line.text for line in activity_panel(small_state.feed, height=40)]
    assert any("fill     x2 buy" in line for line in lines)


def test_an_empty_feed_says_what_will_come(small_run: Any) -> None:
    feed = EventFeed(small_run.engine.table)
    assert activity_panel(feed, height=3)[0].text.startswith("nothing yet")
