import json
from typing import Any

import msgspec
import pytest

from undertow.domain.event_rows import from_array
from undertow.domain.market_event import BookUpdate
from undertow.venues.binance.depth_batch import DepthBatch
from undertow.venues.binance.instrument_feed import InstrumentFeed
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.binance.messages import DepthMessage, SnapshotBody
from undertow.venues.refusal import Reason, Refusal, RefusalLog


def raw(levels: list[tuple[str, str]]) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(levels).encode())


def depth(first: int, last: int, price: str = "99.0", previous: int = -1) -> DepthMessage:
    sides = (raw([(price, "1")]), raw([]))
    return DepthMessage(1, "BTCUSDT", first, last, *sides, previous_id=previous)


@pytest.fixture
def feed(make_instrument: Any) -> InstrumentFeed:
    return InstrumentFeed(0, make_instrument(BinanceMarket.SPOT), 0)


@pytest.fixture
def batch() -> DepthBatch:
    return DepthBatch(is_futures=False)


def test_levels_that_turn_out_wrong_do_not_move_the_chain(
    feed: InstrumentFeed, batch: DepthBatch
) -> None:
    log = RefusalLog()
    batch.add_snapshot(feed, SnapshotBody(10, raw([("98.0", "1")]), raw([])), (5, 6, 0, 1))
    batch.add_delta(feed, depth(11, 12, "99.05"), (6, 7, 0, 2))
    batch.add_delta(feed, depth(11, 13), (7, 8, 0, 3))
    events = list(from_array(batch.merged(bytearray(), log)))
    assert [event.last_id for event in events if isinstance(event, BookUpdate)] == [10, 13]
    assert (log.counts, log.examples["off_grid"].number) == ({"off_grid": 1}, 2)
    assert len(batch.merged(bytearray(), log)) == 0


@pytest.mark.parametrize(("first", "last"), [(12, 11), (0, 0)])
def test_ids_that_cannot_be_are_refused_at_once(
    first: int, last: int, feed: InstrumentFeed, batch: DepthBatch
) -> None:
    with pytest.raises(Refusal) as caught:
        batch.add_delta(feed, depth(first, last), (5, 6, 0, 1))
    assert caught.value.reason is Reason.UPDATE_IDS


def test_futures_follow_their_own_previous_id(feed: InstrumentFeed) -> None:
    batch = DepthBatch(is_futures=True)
    batch.add_delta(feed, depth(20, 25, previous=10), (5, 6, 0, 1))
    batch.add_snapshot(feed, SnapshotBody(15, raw([]), raw([("99.9", "1")])), (5, 6, 0, 2))
    events = list(from_array(batch.merged(bytearray(), RefusalLog())))
    assert [(event.first_id, event.previous_id) for event in events] == [(15, 15), (20, 15)]  # type: ignore[union-attr]  # both are book updates
