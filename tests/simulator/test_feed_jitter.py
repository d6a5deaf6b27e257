import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.market_event import EVENT, EventArray
from undertow.simulator.feed_jitter import FeedJitter
from undertow.simulator.latency import ConstantLatency, LogNormalLatency

MS = 1_000_000
TIMES = [10, 10, 10, 30, 31, 32, 32, 500]


def rows() -> EventArray:
    found = np.zeros(len(TIMES), EVENT)
    found["receive_time_ns"] = np.array(TIMES) * MS
    found["sequence"] = np.arange(len(TIMES))
    return found


def test_a_constant_feed_has_no_jitter() -> None:
    assert FeedJitter(ConstantLatency(5 * MS), 1).delayed(rows()).tolist() == rows().tolist()


def test_messages_stay_whole_and_in_order() -> None:
    later = FeedJitter(LogNormalLatency(MS, 20 * MS, 1.0), 1).delayed(rows())["receive_time_ns"]
    assert (later > rows()["receive_time_ns"]).all()
    assert (np.diff(later) >= 0).all()
    assert later[0] == later[1] == later[2]
    assert later[5] == later[6]


@given(st.lists(st.integers(0, len(TIMES)), max_size=4).map(sorted))
def test_how_rows_are_cut_changes_nothing(cuts: list[int]) -> None:
    model = LogNormalLatency(MS, 20 * MS, 1.0)
    whole = FeedJitter(model, 1).delayed(rows())
    jitter = FeedJitter(model, 1)
    parts = []
    for start, stop in zip([0, *cuts], [*cuts, len(TIMES)], strict=True):
        again = FeedJitter(model, 9)
        again.load(jitter.dump())
        jitter = again
        parts.append(jitter.delayed(rows()[start:stop]))
    assert np.concatenate(parts).tobytes() == whole.tobytes()
