"""The parts of a plain trade message: numbers, words, truths, fields in any order."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.kernels.text.plain_trades import (
    INTEGER,
    KEYS,
    NUMBER,
    SENTINEL,
    TRUTH,
    WORD,
    has_all,
    read_fields,
    read_integer,
    read_truth,
    skip_word,
)

WORDS = b'truefalse"trade"'


def raw(text: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(text + SENTINEL, np.uint8)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"0,", (0, 1)), (b"10}", (10, 2)), (b"999999999999999999,", (10**18 - 1, 18)),
        (b"01,", (0, -1)), (b"-1,", (0, -1)), (b",", (0, -1)), (b"1999999999999999999,", (0, -1)),
        (b"12", (12, 2)),
    ],
)  # fmt: skip
def test_integers_are_read_as_json_writes_them(text: bytes, found: tuple[int, int]) -> None:
    assert read_integer(raw(text), 0) == found


def test_words_and_truths_are_compared_whole() -> None:
    assert skip_word(raw(b"xtrade"), 1, np.frombuffer(b"trade", np.uint8)) == 6
    assert skip_word(raw(b"trad"), 0, np.frombuffer(b"trade", np.uint8)) == -1
    assert skip_word(raw(b""), 2, np.frombuffer(b"trade", np.uint8)) == -1
    truths = np.frombuffer(b"truefalse", np.uint8)
    assert read_truth(raw(b"true,"), 0, truths) == (1, 4)
    assert read_truth(raw(b"false,"), 0, truths) == (0, 5)
    assert read_truth(raw(b"null,"), 0, truths)[1] == -1


def fields() -> NDArray[np.int64]:
    """An integer T, a number p, a truth m and the word e."""
    table = np.zeros((KEYS, 3), np.int64)
    table[ord("T"), 0], table[ord("p"), 0] = INTEGER, NUMBER
    table[ord("m")] = TRUTH, 0, 9
    table[ord("e")] = WORD, 9, 16
    return table


def read(text: bytes) -> tuple[int, dict[str, int]]:
    values, seen = np.zeros(2 * KEYS, np.int64), np.zeros(KEYS, np.int64)
    end = read_fields(raw(text), 0, fields(), np.frombuffer(WORDS, np.uint8), values, seen, 1)
    return end, {key: int(values[ord(key)]) for key in "Tpm" if seen[ord(key)]}


def test_fields_come_in_any_order_and_once() -> None:
    for text in (
        b'"T":5,"p":"1.50","m":true,"e":"trade"}}',
        b'"e":"trade","m":true,"p":"1.50","T":5}}',
    ):
        assert read(text) == (len(text), {"T": 5, "p": 150, "m": 1})
    for text in (
        b"", b"}}", b'"T":5', b'"T":5}', b'"T":5,}}', b'"T":5 }}', b'"T":5,"T":6}}', b'"x":5}}',
        b'"TT":5}}', b'"p":1.5}}', b'"e":"other"}}', b'"m":null}}', b'"T" :5}}', b'"\xff":5}}',
    ):  # fmt: skip
        assert read(text)[0] == -1


def test_required_fields_bear_the_mark() -> None:
    seen = np.array([3, 3, 2, 3])
    assert has_all(seen, np.array([0, 1, 3]), 3)
    assert not has_all(seen, np.array([0, 2]), 3)
    assert has_all(seen, np.empty(0, np.int64), 3)
