"""Rows of candles against a plain loop over the same candles."""

import numpy as np
import pytest

from undertow.domain.market_event import EVENT, EventKind
from undertow.kernels.bars.given_rows import ROWS_PER_BAR, given_rows

S = 1_000_000_000


def candles(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    opens = np.arange(count) * 60 * S
    numbers = rng.integers(1, 1_000, (6, count))
    numbers[5] = np.where(rng.random(count) < 0.5, -1, numbers[5])
    return np.stack([opens, opens + 60 * S]), numbers


def plain(times: np.ndarray, c: np.ndarray, span: tuple[int, int]) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = []
    for i, (start, stop) in enumerate(times.T.tolist()):
        o, h, low, close, volume, bought = c[:, i].tolist()
        if span[0] <= start < span[1]:
            rows.append((start, start + 5, o, 60, 0, 0, start, 3, 1, EventKind.BAR_OPEN))
        if span[0] <= stop < span[1]:
            one = (stop, stop + 5)
            if bought >= 0:
                flow = (bought, volume - bought, 0, 0, start, 3, 1, EventKind.BAR_FLOW)
                rows.append((*one, *flow))
            rows.append((*one, close, volume, h, low, start, 3, 1, EventKind.BAR))
    return rows


@pytest.mark.parametrize("span", [(0, 10**15), (90 * S, 400 * S), (120 * S, 120 * S + 1)])
def test_rows_equal_those_of_a_plain_loop(span: tuple[int, int]) -> None:
    times, numbers = candles(40)
    out = np.empty(ROWS_PER_BAR * 40, EVENT)
    facts = np.array([3, 1, 5])
    count = given_rows(times, numbers, np.array(span), facts, out)
    found = [tuple(int(value) for value in row)[:10] for row in out[:count].tolist()]
    assert found == plain(times, numbers, span)
