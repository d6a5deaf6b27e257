"""Multi-level OFI against a slow reference book."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.kernels.flow.advance import advance
from undertow.kernels.flow.layout import NEVER_HIGH
from undertow.kernels.flow.level_flow import open_second, sum_levels

Make = Callable[..., Any]
S = 1_000_000_000
NOW_S = 1_700_000_000
Level = tuple[int, int]


def best(book: list[dict[int, int]], count: int) -> list[list[Level]]:
    """The best levels of each side as (ticks, lots), the best first."""
    bids = sorted(book[0].items(), reverse=True)[:count]
    return [bids, sorted(book[1].items())[:count]]


def flow_of(old: list[list[Level]], new: list[list[Level]], m: int) -> int:
    """The event formula at level m, prices and sizes of the m-th best occupied price."""
    if min(len(side) for side in (*old, *new)) <= m:
        return 0
    (bid, bid_lots), (ask, ask_lots) = new[0][m], new[1][m]
    (old_bid, old_bid_lots), (old_ask, old_ask_lots) = old[0][m], old[1][m]
    return (
        (bid >= old_bid) * bid_lots
        - (bid <= old_bid) * old_bid_lots
        - (ask <= old_ask) * ask_lots
        + (ask >= old_ask) * old_ask_lots
    )


@pytest.mark.parametrize("seed", range(12))
def test_each_level_is_the_formula_on_occupied_prices(
    seed: int, make_arrays: Make, book_rows: Make
) -> None:
    rng = np.random.default_rng(seed)
    arrays = make_arrays(ofi_levels=4, ofi_seconds=60, lateness_ns=5 * S)
    book: list[dict[int, int]] = [{}, {}]
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * 4)
    time_ns, synced, best_flow = NOW_S * S, False, 0
    for number in range(300):
        time_ns += int(rng.integers(0, S // 5))
        old = best(book, 4)
        is_snapshot = number == 0 or rng.random() < 0.03
        if is_snapshot:
            book = [{}, {}]
        levels = []
        for _ in range(int(rng.integers(8 if is_snapshot else 0, 14))):
            k = int(rng.integers(0, 2))
            ticks = 1000 + (1 if k else -1) * int(rng.integers(1, 10))
            levels.append((1 - 2 * k, ticks, int(rng.choice([0, 3, 8, 20]))))
        # Of two rows of one price a snapshot's first and a delta's last one stands.
        for side, ticks, lots in levels[::-1] if is_snapshot else levels:
            book[0 if side > 0 else 1][ticks] = lots
        book = [{p: q for p, q in side.items() if q} for side in book]
        rows = book_rows(levels, 0, 0, int(is_snapshot))
        rows["event_time_ns"], rows["receive_time_ns"] = time_ns, time_ns + 1
        rows.flags.writeable = False
        advance(arrays.run, rows, 0, len(rows), NEVER_HIGH, 0)
        if synced:
            for m in range(4):
                sums[time_ns // S][m] += flow_of(old, best(book, 4), m)
        synced = True
    flows = arrays.level_flows[0]
    held = {int(row[0]): row[1:].tolist() for row in flows if row[0]}
    assert {s: f for s, f in held.items() if any(f)} == {s: f for s, f in sums.items() if any(f)}
    best_flow = sum(f[0] for f in sums.values())
    assert best_flow == arrays.instruments["ofi_lots"][0]
    assert any(any(f[1:]) for f in sums.values())


def test_a_book_that_was_lost_gives_no_flow(make_arrays: Make, book_rows: Make) -> None:
    arrays = make_arrays()
    for levels, last, previous, flags in (
        ([(1, 99, 5), (-1, 101, 5)], 10, 10, 1),
        ([(1, 98, 1)], 12, 11, 0),
        ([(1, 90, 5), (-1, 101, 5)], 20, 20, 1),
        ([(1, 90, 7)], 21, 20, 0),
    ):
        rows = book_rows(levels, last, previous, flags)
        rows.flags.writeable = False
        advance(arrays.run, rows, 0, len(rows), NEVER_HIGH, 0)
    assert arrays.level_flows[0, :, 1:].sum(axis=0).tolist() == [2, 0, 0, 0, 0]


def test_the_ring_forgets_and_takes_nothing_older() -> None:
    flows = np.zeros((4, 3), np.int64)
    assert open_second(flows, 102) == 2
    flows[2, 1:] = 7
    assert open_second(flows, 102) == 2
    assert flows[2].tolist() == [102, 7, 7]
    assert open_second(flows, 98) == -1
    assert open_second(flows, 106) == 2
    assert flows[2].tolist() == [106, 0, 0]


def test_sums_take_the_seconds_asked_for_and_no_older_round() -> None:
    rng = np.random.default_rng(8)
    flows = np.zeros((20, 4), np.int64)
    told = {NOW_S + i: rng.integers(-50, 50, 3) for i in range(35) if i % 4}
    for second, levels in told.items():
        flows[second % 20] = (second, *levels)
    found = np.full(3, -1, np.int64)
    for first, last in ((20, 34), (30, 30), (15, 40), (32, 31), (0, 15)):
        sum_levels(flows, NOW_S + first, NOW_S + last, found)
        kept = [row[1:] for row in flows if NOW_S + first <= row[0] <= NOW_S + last]
        assert found.tolist() == np.sum([np.zeros(3), *kept], axis=0).tolist()
