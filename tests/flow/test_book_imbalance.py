"""Imbalance of the book, and its score against the looks before."""

from collections.abc import Callable
from math import isnan
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.book_imbalance import book_imbalance, depth_imbalance, imbalance_of

Make = Callable[..., Any]


class Looks(msgspec.Struct):
    """A view of given looks and levels."""

    values: list[float] = []
    bids: list[int] = []
    asks: list[int] = []

    def imbalances(self) -> Any:
        return np.array(self.values, np.float32)

    def depth(self, side: Side, levels: int) -> Any:
        lots = (self.bids if side is Side.BUY else self.asks)[:levels]
        return np.array([(100, q) for q in lots], np.int64).reshape(-1, 2)


@pytest.mark.parametrize(
    ("levels", "value"), [(1, (5 - 4) / 9), (2, (8 - 6) / 14), (9, (15 - 6) / 21)]
)
def test_it_is_over_the_best_levels(levels: int, value: float) -> None:
    flow = Looks(bids=[5, 3, 7], asks=[4, 2])
    assert depth_imbalance(flow, levels) == value


def test_an_empty_book_has_none() -> None:
    assert isnan(depth_imbalance(Looks(), 5))
    assert imbalance_of(np.array([3]), np.array([], np.int64)) == 1.0


def test_the_score_is_against_the_looks_before() -> None:
    values = np.random.default_rng(1).uniform(-1, 1, 400).astype(np.float32)
    found = book_imbalance(Looks(values.tolist()), 300)
    before = values[-301:-1].astype(np.float64)
    assert found.looks == 300
    assert found.value == values[-1]
    wanted = (found.value - before.mean()) / before.std(ddof=1)
    assert found.z == pytest.approx(wanted, rel=1e-12)


def test_the_robust_score_ignores_one_burst() -> None:
    values = [0.1, 0.2, 0.15, 0.12, 0.18] * 20 + [0.99, 0.5]
    plain = book_imbalance(Looks(values), 100)
    robust = book_imbalance(Looks(values), 100, is_robust=True)
    before = np.array(values, np.float32)[-101:-1].astype(np.float64)
    middle = np.median(before)
    spread = np.median(np.abs(before - middle))
    assert robust.z == pytest.approx(0.6745 * (robust.value - middle) / spread)
    assert robust.z > plain.z


def test_too_few_looks_say_nothing() -> None:
    found = book_imbalance(Looks([0.5] * 60))
    assert (found.is_sufficient, found.looks) == (False, 59)
    assert isnan(found.value)
    flat = book_imbalance(Looks([0.5] * 61))
    assert flat.is_sufficient
    assert flat.value == 0.5
    assert isnan(flat.z)


def test_senseless_numbers_are_refused() -> None:
    with pytest.raises(CallerError, match="1 level"):
        depth_imbalance(Looks(), 0)
    with pytest.raises(CallerError, match="2 looks"):
        book_imbalance(Looks(), 1)


def test_the_state_is_such_a_view(make_state: Make, random_rows: Make) -> None:
    state, rows = make_state(), random_rows(3, 1500)
    i = 0
    while i < len(rows):
        i = state.advance(rows, i, len(rows), 2**62)
    found = book_imbalance(state[0], least=5)
    assert found.is_sufficient
    assert -1.0 <= found.value <= 1.0
    if state[0].has_book:
        bids, asks = (state[0].depth(side, 5)[:, 1].sum() for side in (Side.BUY, Side.SELL))
        assert depth_imbalance(state[0], 5) == (bids - asks) / (bids + asks)
