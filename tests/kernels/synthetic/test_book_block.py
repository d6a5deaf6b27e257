from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.kernels.synthetic import book_block
from undertow.kernels.synthetic.book_block import next_offset, run_books, trade_step
from undertow.kernels.synthetic.book_layout import (
    COUNTERS,
    FILL_COLUMNS,
    PLAN_COLUMNS,
    WALL_COLUMNS,
)

STEP = 100
TRAITS = [1.2, 3.0, 40.0, 2.0, 5.0, 2.0]
DIALS = [0.1, 0.05, 1.0, 0.0, 4.0]


class Books:
    """Three instruments with six levels, run block by block with chance from one seed."""

    def __init__(self, seed: int = 1) -> None:
        self.book: NDArray[np.int64] = np.zeros((3, 2, 6, 2), dtype=np.int64)
        self.shown = self.book.copy()
        self.counters = np.zeros((3, COUNTERS), dtype=np.int64)
        self.wall = np.zeros((3, WALL_COLUMNS), dtype=np.int64)
        self.volume = np.zeros((3, 2), dtype=np.int64)
        self.rng = np.random.default_rng(seed)
        self.filled = np.zeros((0, FILL_COLUMNS), dtype=np.int64)
        self.start = 0

    def run(self, steps: int = 10, **given: Any) -> EventArray:
        """The rows of the next steps."""
        counts = given.get("counts", np.full((steps, 3, 2), 1))
        planned = given.get("planned", np.zeros((0, PLAN_COLUMNS), dtype=np.int64))
        self.filled = np.zeros((len(planned), FILL_COLUMNS), dtype=np.int64)
        rows = np.zeros(steps * 3 * 40 + int(counts.sum() + len(planned)) * 8, dtype=EVENT)
        n = given.get("kernel", run_books)(
            self.start,
            STEP,
            given.get("mids", 1_000.0 + np.cumsum(self.rng.standard_normal((steps, 3)), axis=0)),
            given.get("alive", np.ones((steps, 3), dtype=np.int64)),
            counts,
            np.tile(np.array(TRAITS), (3, 1)),
            np.array(DIALS),
            np.array([0, 30, 60]),
            self.rng.random((int(counts.sum()), 2)),
            self.rng.standard_normal(int(counts.sum())),
            given.get("level_uniforms", self.rng.random((steps, 3, 2, 7))),
            planned,
            self.book,
            self.shown,
            self.counters,
            self.wall,
            np.zeros((6, 2), dtype=np.int64),
            self.volume,
            rows,
            self.filled,
        )
        self.start += steps * STEP
        return rows[:n]


def _state(books: Books) -> list[bytes]:
    arrays = (books.book, books.shown, books.counters, books.wall, books.volume, books.filled)
    return [array.tobytes() for array in arrays]


def _planned(*orders: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(orders, dtype=np.int64).reshape(-1, PLAN_COLUMNS)


def _interpreted(monkeypatch: pytest.MonkeyPatch) -> Any:
    # The same source run by Python itself: numba must not change its meaning.
    from undertow.kernels.synthetic import book_delta, market_order, requote

    for module in (market_order, book_delta, requote, book_block):
        for name, function in list(vars(module).items()):
            if hasattr(function, "py_func"):
                monkeypatch.setattr(module, name, function.py_func)
    return book_block.run_books


def test_python_and_machine_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = _planned((0, 3, 50, 1, 90, 3, 1), (2, 3, 0, -1, 20, 2, 0))
    compiled, plain = Books(), Books()
    expected = [compiled.run(), compiled.run(planned=orders), compiled.run()]
    kernel = _interpreted(monkeypatch)
    found = [plain.run(kernel=kernel), plain.run(planned=orders, kernel=kernel)]
    found.append(plain.run(kernel=kernel))
    assert [rows.tobytes() for rows in found] == [rows.tobytes() for rows in expected]
    assert _state(plain) == _state(compiled)


@examples(st.sets(st.integers(1, 19), max_size=4))
def test_any_split_of_the_steps_gives_the_same_bits(cuts: set[int]) -> None:
    rng = np.random.default_rng(6)
    mids = 1_000.0 + np.cumsum(rng.standard_normal((20, 3)), axis=0)
    uniforms, none = rng.random((20, 3, 2, 7)), np.zeros((20, 3, 2), dtype=np.int64)
    orders = [(i, s, 10 * i, 1 - 2 * (s % 2), 9, 3, 0) for i in range(3) for s in range(1, 20, 3)]
    whole, parts = Books(), Books()
    expected = whole.run(
        20, mids=mids, counts=none, level_uniforms=uniforms, planned=_planned(*orders)
    )
    found = []
    for low, high in pairwise([0, *sorted(cuts), 20]):
        own = [(o[0], o[1] - low, *o[2:]) for o in orders if low <= o[1] < high]
        given = {"mids": mids[low:high], "counts": none[low:high], "planned": _planned(*own)}
        given["level_uniforms"] = uniforms[low:high]
        found.append(parts.run(high - low, **given))
    rows = np.concatenate(found)
    for i in range(3):
        assert rows[rows["instrument"] == i].tobytes() == (
            expected[expected["instrument"] == i].tobytes()
        )
    assert parts.book.tobytes() == whole.book.tobytes()
    assert parts.counters.tobytes() == whole.counters.tobytes()


def test_offsets_are_sorted_uniforms() -> None:
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(4_000):
        place = 0.0
        for left in (3, 2, 1):
            before, place = place, next_offset(place, left, float(rng.random()))
            assert before <= place < 1.0
            drawn.append(place)
    assert abs(np.mean(drawn) - 0.5) < 0.01
    assert abs(np.var(drawn) - 1 / 12) < 0.01


def test_rows_of_an_instrument_are_in_time_order() -> None:
    books = Books()
    for _ in range(5):
        rows = books.run(counts=np.full((10, 3, 2), 3))
        for i in range(3):
            assert (np.diff(rows["event_time_ns"][rows["instrument"] == i]) >= 0).all()


def test_volume_is_what_the_trades_say() -> None:
    books = Books()
    books.run()
    rows = books.run()
    trades = rows[rows["kind"] == EventKind.TRADE]
    for i in range(3):
        for column, side in enumerate((1, -1)):
            own = trades[(trades["instrument"] == i) & (trades["side"] == side)]
            assert own["qty_lots"].sum() == books.volume[i, column]


def test_planned_orders_are_filled_at_their_time() -> None:
    books = Books()
    books.run()
    none = np.zeros((10, 3, 2), dtype=np.int64)
    rows = books.run(counts=none, planned=_planned((1, 4, 70, -1, 60, 3, 1)))
    trades = rows[rows["kind"] == EventKind.TRADE]
    forced = rows[rows["kind"] == EventKind.LIQUIDATION]
    assert set(trades["event_time_ns"].tolist()) == {1_000 + 4 * STEP + 30 + 70}
    assert books.filled[0].tolist() == [
        trades["qty_lots"].sum(),
        1_500,
        trades["price_ticks"][-1],
    ]
    assert forced["qty_lots"].tolist() == [books.filled[0, 0]]
    assert forced["side"].tolist() == [-1]


def test_a_halted_venue_is_silent_and_comes_back_with_a_snapshot() -> None:
    books = Books()
    books.run()
    last_id = int(books.counters[1, 4])
    alive = np.ones((10, 3), dtype=np.int64)
    alive[2:6, 1] = 0
    rows = books.run(alive=alive, planned=_planned((1, 3, 0, 1, 9, 3, 0)))
    own = rows[rows["instrument"] == 1]
    halt = (own["event_time_ns"] > 1_230) & (own["event_time_ns"] <= 1_630)
    assert not halt.any()
    assert books.filled[0].tolist() == [0, 0, 0]
    begins = own[own["kind"] == EventKind.BOOK_BEGIN]
    snapshots = begins[begins["flags"] == 1]
    assert len(snapshots) == 1
    assert snapshots["event_time_ns"][0] == 1_730
    assert snapshots["sequence"][0] > last_id


def test_makers_move_when_told() -> None:
    still = np.full((10, 3), 1_000.0)
    none = np.zeros((10, 3, 2), dtype=np.int64)
    told = np.full((10, 3), 2)
    counts = []
    for alive in (np.ones((10, 3), dtype=np.int64), told):
        books = Books()
        books.run(mids=still, counts=none)
        begins = books.run(mids=still, counts=none, alive=alive)["kind"] == EventKind.BOOK_BEGIN
        counts.append(int(begins.sum()))
    assert counts[0] < 8
    assert counts[1] > 15


def test_trade_step_uses_up_its_chance() -> None:
    books = Books()
    books.run()
    rows = np.zeros(60, dtype=EVENT)
    counts = np.zeros((1, 3, 2), dtype=np.int64)
    counts[0, 2] = [2, 1]
    n, e, p = trade_step(
        2, 0, 5_000, STEP, 0, 0, 0, counts, np.tile(np.array(TRAITS), (3, 1)), np.array(DIALS),
        np.full((3, 2), 0.5), np.zeros(3), _planned(), books.book, books.counters, books.wall,
        books.volume, rows, np.zeros((0, 3), dtype=np.int64),
    )  # fmt: skip
    sides = rows["side"][:n]
    assert (e, p) == (3, 0)
    assert {int((sides == 1).sum() > 0), int((sides == -1).sum() > 0)} == {1}
