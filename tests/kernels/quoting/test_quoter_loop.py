"""When a quoter is woken, and what it has heard by then."""

import numpy as np
from tests.backtest.quoter_world import MS, PERP, T0, random_rows

from undertow.backtest.quoter_run import QuoterRun
from undertow.domain.event_rows import to_array
from undertow.domain.market_event import BookLevel, BookUpdate, EventArray
from undertow.domain.side import Side
from undertow.kernels.quoting.desk import best_bid, is_open, post
from undertow.kernels.quoting.quoter import kernel
from undertow.kernels.quoting.quoter_loop import next_row_ns
from undertow.kernels.quoting.venue_layout import NEVER_NS
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.latency import ConstantLatency


@kernel
def watch(desk, now_ns, state):  # type: ignore[no-untyped-def]
    if state[0] == 0.0:
        post(desk, 1, best_bid(desk), 1)
        state[1] = now_ns % 1_000_000_000
    if is_open(desk, 0) and state[2] == 0.0:
        state[2] = now_ns % 1_000_000_000
    state[0] += 1.0


def books(times_ms: list[int]) -> EventArray:
    levels = (BookLevel(Side.BUY, 100, 5), BookLevel(Side.SELL, 101, 5))
    return to_array([
        BookUpdate(0, 0, T0 + at * MS, T0 + at * MS, k, k, k, True, levels)
        for k, at in enumerate(times_ms, 1)
    ])  # fmt: skip


def run(every_ns: int, times_ms: list[int], response_ms: int = 3) -> QuoterRun:
    config = ExchangeConfig(
        feed_latency=ConstantLatency(1 * MS), order_latency=ConstantLatency(4 * MS),
        response_latency=ConstantLatency(response_ms * MS),
    )  # fmt: skip
    made = QuoterRun(watch, PERP, config, every_ns=every_ns)
    made.push(books(times_ms))
    made.finish()
    return made


def test_each_new_book_wakes_and_a_report_of_that_instant_is_not_heard_yet() -> None:
    made = run(0, [0, 2, 7, 8, 20])
    assert made.counts.wakes == 5
    assert made.state[2] == 8 * MS  # sent at 0, heard at 7, not before the row of 7


def test_a_grid_wakes_without_rows_and_hears_reports_of_its_instant() -> None:
    made = run(10 * MS, [0, 1, 30], response_ms=6)
    assert made.counts.wakes == 4
    assert made.state[2] == 10 * MS  # sent at 0, at the venue at 4, heard at 10


def test_the_next_row_and_none() -> None:
    rows = random_rows(1)[:3]
    assert next_row_ns(rows, 2) == int(rows["receive_time_ns"][2])
    assert next_row_ns(rows, 3) == NEVER_NS
    assert np.int64(T0) < NEVER_NS
