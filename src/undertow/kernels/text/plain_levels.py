"""Price levels as venues print them, `[["61800.20","2.507"],...]`, to exact ticks and lots.

One pass over the bytes of many texts, no float. Plain is: nothing but levels of two quoted numbers
of 1 to 18 digits with at most one point, prices that are whole ticks above 0. Whatever else comes
is not judged here: the answer is that it is not plain."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled

COUNT_DIGITS: Final = 18
"""Most digits of a number and of a count of steps."""

PRICE_DIGITS, PRICE_COEFFICIENT, SIZE_DIGITS, SIZE_COEFFICIENT = range(4)
"""Columns of `steps`."""

_POWERS: Final = 10 ** np.arange(COUNT_DIGITS + 1, dtype=np.int64)
_ZERO, _POINT, _QUOTE, _COMMA, _OPEN, _CLOSE = (ord(mark) for mark in '0.",[]')
_NOT_PLAIN: Final = -1


@compiled
def read_number(text: NDArray[np.uint8], i: int) -> tuple[int, int, int]:
    """The number that begins at i and ends with a quote: its digits as one integer, how many of
    them are decimals, and where it goes on; -1 there when it is not plain.
    """
    value = 0
    digits = 0
    decimals = -1
    while True:
        mark = np.int64(text[i])
        i += 1
        digit = mark - _ZERO
        if 0 <= digit <= 9:
            value = 10 * value + digit  # type: ignore[assignment]  # an int64 here
            digits += 1
            decimals += decimals >= 0
        elif mark == _POINT and decimals < 0:
            decimals = 0
        else:
            break
        if digits > COUNT_DIGITS:
            return 0, 0, _NOT_PLAIN
    if mark != _QUOTE or digits == 0:
        return 0, 0, _NOT_PLAIN
    return value, max(decimals, 0), i


@compiled
def count_steps(value: int, decimals: int, step_digits: int, coefficient: int) -> tuple[int, int]:
    """How many steps of coefficient * 10**-step_digits a number is, rounded up, and what was left
    over, 0 when it is exact; -1 steps when the count has more than 18 digits.
    """
    shift = step_digits - decimals
    if shift > 0:
        if shift > COUNT_DIGITS or value >= _POWERS[COUNT_DIGITS - shift]:
            return _NOT_PLAIN, 0
        value *= _POWERS[shift]
    elif shift < 0:
        if coefficient >= _POWERS[COUNT_DIGITS + shift]:
            return _NOT_PLAIN, 0
        coefficient *= _POWERS[-shift]
    if coefficient == 1:
        return value, 0
    count = value // coefficient
    rest = value - count * coefficient
    return count + (rest > 0), rest


@compiled
def read_level(
    text: NDArray[np.uint8], i: int, step: NDArray[np.int64]
) -> tuple[int, int, int, int]:
    """The level whose opening bracket is at i: ticks, lots, whether the lots were rounded up, and
    where it goes on; -1 there when it is not plain.
    """
    if text[i] != _OPEN or text[i + 1] != _QUOTE:
        return 0, 0, 0, _NOT_PLAIN
    value, decimals, i = read_number(text, i + 2)
    if i < 0 or text[i] != _COMMA or text[i + 1] != _QUOTE:
        return 0, 0, 0, _NOT_PLAIN
    ticks, rest = count_steps(value, decimals, step[PRICE_DIGITS], step[PRICE_COEFFICIENT])
    if ticks <= 0 or rest > 0:
        return 0, 0, 0, _NOT_PLAIN
    value, decimals, i = read_number(text, i + 2)
    if i < 0 or text[i] != _CLOSE:
        return 0, 0, 0, _NOT_PLAIN
    lots, rest = count_steps(value, decimals, step[SIZE_DIGITS], step[SIZE_COEFFICIENT])
    if lots < 0:
        return 0, 0, 0, _NOT_PLAIN
    return ticks, lots, int(rest > 0), i + 1


@compiled
def read_plain_levels(
    text: NDArray[np.uint8],
    stops: NDArray[np.int64],
    grids: NDArray[np.int64],
    steps: NDArray[np.int64],
    ticks: NDArray[np.int64],
    lots: NDArray[np.int64],
    counts: NDArray[np.int64],
    rounded: NDArray[np.int64],
) -> int:
    """Read texts that follow on each other; returns how many levels there are, -1 = not plain.

    text: the bytes of all texts and two zeros. stops, (texts,): where each ends. grids, (texts,):
    its row of `steps`, (grids, 4). Filled: ticks and lots in order (room for a level per 9 bytes),
    counts, (texts,), of levels, and rounded, (grids,), of sizes finer than a lot.
    """
    found = 0
    i = 0
    for t in range(len(stops)):
        step = steps[grids[t]]
        before = found
        if text[i] != _OPEN:
            return _NOT_PLAIN
        i += 1
        is_more = text[i] != _CLOSE
        while is_more:
            ticks[found], lots[found], is_rounded, i = read_level(text, i, step)
            if i < 0:
                return _NOT_PLAIN
            rounded[grids[t]] += is_rounded
            found += 1
            is_more = text[i] == _COMMA
            i += is_more
        if text[i] != _CLOSE or i + 1 != stops[t]:
            return _NOT_PLAIN
        i += 1
        counts[t] = found - before
    return found
