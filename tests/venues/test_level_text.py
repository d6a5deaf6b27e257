import json
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.fixed import Step
from undertow.venues import level_text
from undertow.venues.level_text import LevelGrid, LevelTexts, read_levels, read_text
from undertow.venues.refusal import Reason, Refusal


def grid(tick: str = "0.01", lot: str = "0.001") -> LevelGrid:
    return LevelGrid(Step.of(tick), Step.of(lot))


def text_of(levels: list[tuple[str, str]]) -> bytes:
    return json.dumps(levels, separators=(",", ":")).encode()


def pairs(found: LevelTexts, i: int) -> list[tuple[int, int]]:
    part = slice(found.starts[i], found.starts[i + 1])
    return list(zip(found.ticks[part].tolist(), found.lots[part].tolist(), strict=True))


@pytest.fixture
def always_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(level_text, "_SHORT_BYTES", 0)


NUMBERS = st.one_of(
    st.decimals(0, 10**9, places=3).map(str),
    st.decimals(0, 10**6, places=0).map(str),
    st.sampled_from(["0.00000000", "61800.20", ".5", "5.", "007.10", "1.0000000000000000"]),
)
ODD = st.sampled_from(["-1", "1e2", "", ".", "x", "1.2.3", "9" * 25, "0.0000001", "٣", " 1"])
LEVELS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6)
ODD_LEVELS = st.lists(st.tuples(st.one_of(NUMBERS, ODD), st.one_of(NUMBERS, ODD)), max_size=4)


def exactly(text: bytes, on: LevelGrid) -> list[tuple[int, int]] | Reason:
    try:
        return read_text(text, on)
    except Refusal as refusal:
        return refusal.reason


@given(st.lists(st.one_of(LEVELS, LEVELS, ODD_LEVELS), min_size=1, max_size=8), st.integers(0, 99))
def test_both_readers_give_the_same_answers(
    batches: list[list[tuple[str, str]]], seed: int
) -> None:
    rng = random.Random(seed)
    grids = [grid(), grid("0.5", "1"), grid("0.00000001", "0.00000001")]
    chosen = [rng.choice(grids) for _ in batches]
    texts = [text_of(levels) for levels in batches]
    quick = level_text._read_quickly(texts, chosen)
    slow = read_levels(texts, chosen)
    for i, (text, on) in enumerate(zip(texts, chosen, strict=True)):
        expected = exactly(text, on)
        if isinstance(expected, Reason):
            assert slow.refusals[i].reason is expected
            assert quick is None
        else:
            assert pairs(slow, i) == expected
            assert quick is None or pairs(quick, i) == expected


@pytest.mark.usefixtures("always_quick")
def test_many_plain_levels_are_read_exactly() -> None:
    rng = random.Random(5)
    levels = [
        (f"{rng.randrange(1, 10**7) / 100:.2f}000000", f"{rng.randrange(10**6) / 1000:.3f}00000")
        for _ in range(500)
    ]
    found = read_levels([text_of(levels), b"[]", text_of(levels[:3])], [grid()] * 3)
    assert found.starts == [0, 500, 500, 503]
    assert found.ticks[:500].tolist() == [int(Decimal(price) * 100) for price, _ in levels]
    assert found.lots[500:].tolist() == [int(Decimal(qty) * 1000) for _, qty in levels[:3]]


@pytest.mark.usefixtures("always_quick")
def test_sizes_finer_than_a_lot_are_counted_once_by_either_reader() -> None:
    on = grid()
    quick = read_levels([b'[["1.00","0.0005"],["2.00","0.0010"]]'], [on])
    assert (pairs(quick, 0), on.sizes.inexact) == ([(100, 1), (200, 1)], 1)
    with_sign = read_levels([b'[["1.00","0.0005"]]', b'[["-1.00","0.0005"]]'], [on, on])
    assert (pairs(with_sign, 0), list(with_sign.refusals)) == ([(100, 1)], [1])
    assert on.sizes.inexact == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'[["1.005","1"]]', Reason.OFF_GRID),
        (b'[["0","1"]]', Reason.NEGATIVE),
        (b'[["-1","1"]]', Reason.NEGATIVE),
        (b'[["1","-1"]]', Reason.NEGATIVE),
        (b'[["1"]]', Reason.SCHEMA),
        (b'[["1","2","3"]]', Reason.SCHEMA),
        (b"[[1,2]]", Reason.SCHEMA),
        (b"{}", Reason.SCHEMA),
        (b'[["one","1"]]', Reason.NUMBER),
    ],
)
@pytest.mark.usefixtures("always_quick")
def test_what_is_wrong_is_named_and_the_others_are_read(text: bytes, reason: Reason) -> None:
    found = read_levels([b'[["1.00","1"]]', text, b'[["2.00","1"]]'], [grid()] * 3)
    assert found.refusals[1].reason is reason
    assert (pairs(found, 0), pairs(found, 2)) == ([(100, 1_000)], [(200, 1_000)])
    with pytest.raises(Refusal):
        found.check(0, 1)
    found.check(0, 2)


@pytest.mark.parametrize(
    ("tick", "price", "ticks"),
    [
        ("0.00000001", "12345678901", None),
        ("0.00000001", "1234567890", 123_456_789_000_000_000),
        ("1", "123456789012345678", 123_456_789_012_345_678),
        ("1", "1234567890123456789", None),
        ("100000000000000000", "0.0000000000000000", None),
        ("50", "150.00", 3),
    ],
)
@pytest.mark.usefixtures("always_quick")
def test_numbers_at_the_edge_of_what_fits(tick: str, price: str, ticks: int | None) -> None:
    found = read_levels([text_of([(price, "1")])], [grid(tick)])
    if ticks is None:
        assert list(found.refusals) == [0]
    else:
        assert pairs(found, 0) == [(ticks, 1_000)]


def test_no_text_is_no_level() -> None:
    found = read_levels([], [])
    assert (found.starts, len(found.ticks), found.ticks.dtype) == ([0], 0, np.dtype(np.int64))
