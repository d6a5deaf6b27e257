import json
from collections.abc import Callable

import msgspec

from undertow.cli.why.order_story import OrderStory


def test_a_story_is_plain_json_and_back(story: Callable[[str, str], OrderStory]) -> None:
    told = story("BTC/USDT:USDT@aster", "entry")
    text = json.dumps(msgspec.to_builtins(told), allow_nan=False)
    assert msgspec.json.decode(text, type=OrderStory) == told


def test_every_part_is_there(story: Callable[[str, str], OrderStory]) -> None:
    plain = msgspec.to_builtins(story("BTC/USDT:USDT@aster", "entry"))
    assert set(plain) == {
        "order", "rule", "run", "wake", "bars", "trades", "decision", "risk", "execution",
        "latencies", "position", "others",
    }  # fmt: skip
    assert plain["run"]["run_id"] == "ut1"
