from collections.abc import Callable

from undertow.cli.why.order_story import OrderStory

LONG = "BTC/USDT:USDT@aster"


def test_the_story_of_an_exit_is_whole(story: Callable[[str, str], OrderStory]) -> None:
    told = story(LONG, "exit")
    assert told.order.client_order_id == "ut1-o7"
    assert [other.client_order_id for other in told.others] == ["ut1-o1", "ut1-o4"]
    assert told.position is not None
    assert told.position.exit_decision_id == told.order.decision_id
    assert told.decision is not None
    assert told.decision.decision_id == told.order.decision_id
    assert (told.run.seed, told.run.config_digest, told.run.mode) == (3, "0badc0de", "paper")


def test_entry_stop_and_exit_tell_of_one_position(story: Callable[[str, str], OrderStory]) -> None:
    positions = [story(LONG, purpose).position for purpose in ("entry", "protect", "exit")]
    assert positions[0] == positions[1] == positions[2]
