"""Plain levels against exact decimals; what is not plain is told, wherever it stands."""

import random
from decimal import ROUND_CEILING, Decimal

import numpy as np
import pytest

from undertow.kernels.text.plain_levels import count_steps, read_number, read_plain_levels

STEPS = [(2, 1, 3, 1), (1, 5, 0, 10)]


def read(
    texts: list[bytes], grids: list[int]
) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Levels, their counts by text, and sizes rounded by grid; fails when it is not plain."""
    joined = np.frombuffer(b"".join(texts) + b"\0\0", np.uint8)
    ticks, lots = np.empty(len(joined), np.int64), np.empty(len(joined), np.int64)
    counts, rounded = np.zeros(len(texts), np.int64), np.zeros(2, np.int64)
    stops = np.cumsum(np.array([len(text) for text in texts]))
    found = read_plain_levels(
        joined, stops, np.array(grids), np.array(STEPS), ticks, lots, counts, rounded
    )
    if found < 0:
        raise ValueError("not plain")
    levels = list(zip(ticks[:found].tolist(), lots[:found].tolist(), strict=True))
    return levels, counts.tolist(), rounded.tolist()


def steps_of(text: str, digits: int, coefficient: int) -> Decimal:
    return Decimal(text).scaleb(digits) / coefficient


def test_levels_are_exact_counts_of_their_steps() -> None:
    rng = random.Random(1)
    texts, grids, wanted = [], [], []
    for _ in range(200):
        grid = rng.randrange(2)
        price_digits, price_coefficient, size_digits, size_coefficient = STEPS[grid]
        levels = []
        for _ in range(rng.randrange(5)):
            ticks = rng.randrange(1, 10**6) * price_coefficient
            price = f"{Decimal(ticks).scaleb(-price_digits):f}" + "0" * rng.randrange(4)
            size = str(Decimal(rng.randrange(10**6)).scaleb(-rng.randrange(5)).normalize())
            size = f"{Decimal(size):f}"
            levels.append(f'["{price}","{size}"]')
            lots = steps_of(size, size_digits, size_coefficient)
            wanted.append(
                (
                    int(steps_of(price, price_digits, price_coefficient)),
                    int(lots.to_integral_value(ROUND_CEILING)),
                )
            )
        texts.append(f"[{','.join(levels)}]".encode())
        grids.append(grid)
    found, counts, _ = read(texts, grids)
    assert found == wanted
    assert counts == [text.count(b",[") + (len(text) > 2) for text in texts]


def test_sizes_finer_than_a_lot_are_rounded_up_and_counted() -> None:
    levels, _, rounded = read([b'[["1.00","0.0001"],["2","3"]]', b'[["5","11"]]'], [0, 1])
    assert levels == [(100, 1), (200, 3_000), (10, 2)]
    assert rounded == [1, 1]


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[", b"[]]", b"[],", b"[[]]", b'[["1","2"]', b'[["1","2"],]', b'[["1","2"]["1","2"]]',
        b'[["1"]]', b'[["1","2","3"]]', b"[[1,2]]", b'[["","2"]]', b'[[".","2"]]',
        b'[["-1","2"]]', b'[["1","-2"]]', b'[["1e2","2"]]', b'[[" 1","2"]]', b'[ ["1","2"]]',
        b'[["0","2"]]', b'[["1.001","2"]]', b'[["1","1234567890123456789"]]', b'[["1',
        b'[["1.2.3","1"]]',
        b'[["100000000000000000","1"]]',
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_not_plain_is_told(text: bytes, place: int) -> None:
    texts = [b'[["1","2"]]', b"[]", b'[["3.10","0.002"]]']
    texts[place] = text
    with pytest.raises(ValueError, match="not plain"):
        read(texts, [0, 0, 0])


def test_a_number_ends_with_its_quote() -> None:
    text = np.frombuffer(b'0012.50",..', np.uint8)
    assert read_number(text, 0) == (1250, 2, 8)
    assert read_number(text, 3) == (250, 2, 8)
    assert read_number(text, 7)[2] == -1


@pytest.mark.parametrize(
    ("value", "decimals", "digits", "coefficient", "wanted"),
    [
        (125, 1, 1, 5, (25, 0)),
        (126, 1, 1, 5, (26, 1)),
        (7, 0, 3, 1, (7_000, 0)),
        (7_001, 3, 0, 1, (8, 1)),
        (10**17, 0, 1, 1, (-1, 0)),
        (10**17 - 1, 0, 1, 1, (10**18 - 10, 0)),
        (1, 0, 19, 1, (-1, 0)),
        (1, 18, 0, 1, (-1, 0)),
        (1, 17, 0, 1, (1, 1)),
        (0, 0, 18, 1, (0, 0)),
    ],
)
def test_steps_are_counted_up_to_18_digits(
    value: int, decimals: int, digits: int, coefficient: int, wanted: tuple[int, int]
) -> None:
    assert count_steps(value, decimals, digits, coefficient) == wanted
