import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.simulator.market.delivery import Delivery
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig

CONFIG = MarketConfig(assets=("BTC",), start_ns=0)
LISTING = Listing(CONFIG)
SECOND = 10**9


def _rows(times_ns: list[int], instruments: list[int]) -> EventArray:
    rows = np.zeros(len(times_ns), dtype=EVENT)
    rows["event_time_ns"] = times_ns
    rows["instrument"] = instruments
    rows["kind"] = EventKind.TRADE
    rows["sequence"] = np.arange(len(times_ns))
    return rows


def _update(time_ns: int, instrument: int) -> EventArray:
    rows = _rows([time_ns] * 4, [instrument] * 4)
    rows["kind"] = [EventKind.BOOK_BEGIN, EventKind.BOOK_LEVEL, EventKind.BOOK_LEVEL, 4]
    return rows


def test_nothing_arrives_before_the_floor() -> None:
    delivery = Delivery(CONFIG, LISTING)
    made = _rows(list(range(0, SECOND, 10**6)), [4] * 1_000)
    out = delivery.deliver(made, 0, SECOND, np.random.default_rng(1))
    true_ns = out["event_time_ns"] - LISTING.clock_skew_ns[4]
    late = out["receive_time_ns"] - true_ns
    assert late.min() >= CONFIG.feed_latency_floor_ns
    assert late.max() > 3 * CONFIG.feed_latency_floor_ns


def test_event_times_carry_the_venue_s_skew() -> None:
    delivery = Delivery(CONFIG, LISTING)
    out = delivery.deliver(_rows([0, 0, 0], [1, 3, 5]), 0, SECOND, np.random.default_rng(1))
    by_instrument = dict(
        zip(out["instrument"].tolist(), out["event_time_ns"].tolist(), strict=True)
    )
    assert by_instrument == {1: 0, 3: 3_000_000, 5: -7_000_000}


def test_what_is_still_under_way_comes_later() -> None:
    delivery = Delivery(CONFIG, LISTING)
    rng = np.random.default_rng(1)
    first = delivery.deliver(_rows([0, SECOND - 1], [1, 1]), 0, SECOND, rng)
    second = delivery.deliver(_rows([], []), SECOND, 2 * SECOND, rng)
    assert (len(first), len(second)) == (1, 1)
    assert len(delivery.pending) == 0


def test_what_is_made_for_later_leaves_later() -> None:
    delivery = Delivery(CONFIG, LISTING)
    rng = np.random.default_rng(1)
    early = _rows([SECOND + 500], [1])
    assert len(delivery.deliver(early, 0, SECOND, rng)) == 0
    assert len(delivery.unsent) == 1
    out = delivery.deliver(_rows([SECOND + 100], [3]), SECOND, 2 * SECOND, rng)
    assert sorted(out["instrument"].tolist()) == [1, 3]


def test_a_late_funding_leaves_when_it_can() -> None:
    delivery = Delivery(CONFIG, LISTING)
    out = delivery.deliver(_rows([5], [1]), SECOND, 2 * SECOND, np.random.default_rng(1))
    assert out["event_time_ns"][0] == 5
    assert out["receive_time_ns"][0] >= SECOND + CONFIG.feed_latency_floor_ns


def test_updates_stay_in_one_piece() -> None:
    delivery = Delivery(CONFIG, LISTING)
    made = np.concatenate([_update(k * 7, k % 6) for k in range(60)])
    out = delivery.deliver(made, 0, SECOND, np.random.default_rng(3))
    begins = np.flatnonzero(out["kind"] == EventKind.BOOK_BEGIN)
    assert len(begins) == 60
    for at in begins:
        assert out["kind"][at : at + 4].tolist() == [2, 3, 3, 4]
        assert len(set(out["receive_time_ns"][at : at + 4].tolist())) == 1


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, SECOND - 1), st.integers(0, 5)), max_size=30),
        min_size=1,
        max_size=4,
    )
)
def test_blocks_tile_time_in_one_total_order(blocks: list[list[tuple[int, int]]]) -> None:
    delivery = Delivery(CONFIG, LISTING)
    rng = np.random.default_rng(5)
    parts = []
    for k in range(len(blocks) + 2):
        items = blocks[k] if k < len(blocks) else []
        made = _rows([k * SECOND + at for at, _ in items], [i for _, i in items])
        parts.append(delivery.deliver(made, k * SECOND, (k + 1) * SECOND, rng))
        assert (parts[-1]["receive_time_ns"] // SECOND == k).all()
    rows = np.concatenate(parts)
    assert len(rows) == sum(len(items) for items in blocks)
    keys = list(zip(rows["receive_time_ns"].tolist(), rows["source"].tolist(), strict=True))
    assert keys == sorted(keys)
    for source in range(6):
        own = rows[rows["source"] == source]
        true_ns = own["event_time_ns"] - LISTING.clock_skew_ns[own["instrument"]]
        assert (np.diff(true_ns) >= 0).all()
