"""Price levels as venues print them, `[["61800.20","2.507"],...]`, to exact ticks and lots in bulk.

All texts of a batch are read in one pass of array operations: where the quotes and the points lie
gives the decimals of every number, the digits give its value, and both give the exact count of
steps. No float is involved. Whatever is not plain digits with at most one point (signs, exponents,
a third member of a level) makes the batch go through the slow reader, one text at a time, which
understands it or says what is wrong. Both readers give the same answers.
"""

import re
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.fixed import Step
from undertow.venues.decimal_grid import COUNT_DIGITS, DecimalGrid, SizeGrid
from undertow.venues.refusal import Reason, Refusal

Ints = NDArray[np.int64]
Mask = slice | NDArray[np.bool_]

_POWERS: Final = 10 ** np.arange(COUNT_DIGITS + 1, dtype=np.int64)
_POINT = ord(".")
_PUNCTUATION = b'."[]'
_SHORT_BYTES = 1_500  # below this the array operations cost more than they save (measured)
_DIGITS = b"0123456789"
_PLAIN_LEVEL: Final = re.compile(rb'\["\.?","\.?"\]')
_PLAIN: Final = re.compile(rb'\[(?:\["\.?","\.?"\](?:,(?=\[))?)*\]')
_NOT_PLAIN: Final = -1
_SHAPES_KEPT, _SHAPE_BYTES = 4_096, 2_048
_DECODER: Final = msgspec.json.Decoder(list[tuple[str, str]])


class LevelGrid:
    """The price and quantity steps of one instrument, with their remembered texts."""

    __slots__ = ("price_step", "prices", "qty_step", "sizes")

    def __init__(self, price_step: Step, qty_step: Step) -> None:
        self.price_step = price_step
        self.qty_step = qty_step
        self.prices = DecimalGrid(price_step)
        self.sizes = SizeGrid(qty_step)


class LevelTexts:
    """The levels of many texts, flat: text `i` has `ticks[starts[i]:starts[i + 1]]` and its lots.

    `refusals[i]` says why text `i` was not understood; its levels are then not to be used.
    """

    __slots__ = ("lots", "refusals", "starts", "ticks")

    def __init__(
        self, starts: list[int], ticks: Ints, lots: Ints, refusals: dict[int, Refusal]
    ) -> None:
        self.starts = starts
        self.ticks = ticks
        self.lots = lots
        self.refusals = refusals

    def check(self, *texts: int) -> None:
        """Raise the `Refusal` of the first of these texts that was not understood."""
        for text in texts:
            if text in self.refusals:
                raise self.refusals[text]


def read_levels(texts: list[bytes], grids: list[LevelGrid]) -> LevelTexts:
    """Read the texts (each a JSON array, already known to be well-formed JSON) on their grids.

    A price must be a whole number of ticks, at least one; a quantity must not be negative, and one
    finer than a lot is rounded up and counted (`SizeGrid`).
    """
    assert len(texts) == len(grids)
    if sum(map(len, texts)) < _SHORT_BYTES:
        return _read_slowly(texts, grids)
    quick = _read_quickly(texts, grids)
    return _read_slowly(texts, grids) if quick is None else quick


def _read_slowly(texts: list[bytes], grids: list[LevelGrid]) -> LevelTexts:
    starts = [0]
    ticks: list[int] = []
    lots: list[int] = []
    refusals: dict[int, Refusal] = {}
    for i, (text, grid) in enumerate(zip(texts, grids, strict=True)):
        try:
            levels = read_text(text, grid)
        except Refusal as refusal:
            refusals[i] = refusal
        else:
            ticks += [level[0] for level in levels]
            lots += [level[1] for level in levels]
        starts.append(len(ticks))
    return LevelTexts(starts, np.array(ticks, np.int64), np.array(lots, np.int64), refusals)


def read_text(text: bytes, grid: LevelGrid) -> list[tuple[int, int]]:
    """One text as (ticks, lots) pairs; raises `Refusal`."""
    try:
        levels = _DECODER.decode(text)
    except msgspec.MsgspecError as error:
        raise Refusal(Reason.SCHEMA, f"expected levels of price and quantity: {error}") from None
    prices, sizes = grid.prices, grid.sizes
    pairs = [(prices[price], sizes[size]) for price, size in levels]
    for ticks, lots in pairs:
        if ticks <= 0 or lots < 0:
            raise Refusal(
                Reason.NEGATIVE,
                f"expected a positive price and a quantity >= 0, found {ticks} ticks, {lots} lots",
            )
    return pairs


def _read_quickly(texts: list[bytes], grids: list[LevelGrid]) -> LevelTexts | None:
    # None = not plain: the slow reader must look at it.
    shapes = [_SHAPES[text.translate(None, _DIGITS)] for text in texts]
    counts = np.array(shapes, np.int64)
    if int(counts.min()) == _NOT_PLAIN:
        return None
    starts = [0, *np.cumsum(counts).tolist()]
    if not starts[-1]:
        return LevelTexts(starts, np.zeros(0, np.int64), np.zeros(0, np.int64), {})
    joined = b",".join([text for text in texts if text != b"[]"])
    decimals = _decimals(joined)
    if decimals is None:
        return None
    values = np.fromstring(joined.translate(None, _PUNCTUATION), dtype=np.int64, sep=",")
    assert len(values) == 2 * starts[-1]
    return _counted(values, decimals, counts, starts, grids)


class _Shapes(dict[bytes, int]):
    """The number of levels of a text by what is left of it without its digits; -1 when that is not
    what a list of plain levels leaves. Shared by all feeds: it only saves time.
    """

    def __missing__(self, skeleton: bytes) -> int:
        is_plain = _PLAIN.fullmatch(skeleton) is not None
        levels = len(_PLAIN_LEVEL.findall(skeleton)) if is_plain else _NOT_PLAIN
        if len(skeleton) <= _SHAPE_BYTES:
            if len(self) >= _SHAPES_KEPT:
                self.clear()
            self[skeleton] = levels
        return levels


_SHAPES: Final = _Shapes()


def _decimals(joined: bytes) -> Ints | None:
    # Decimals of every number in order; None when one has no digit or too many.
    characters = np.frombuffer(joined, np.uint8)
    # Of the characters that plain levels have only the quote and the point become a point by this.
    marks = np.flatnonzero((characters | 0x0C) == _POINT)
    numbers = len(marks) // 3
    if len(marks) == 3 * numbers and bool((characters[marks[1::3]] == _POINT).all()):
        opening, points, closing = marks[0::3], marks[1::3], marks[2::3]
        digits = closing - opening - 2
        decimals = closing - points - 1
    else:
        is_point = characters[marks] == _POINT
        points, quotes = marks[is_point], marks[~is_point]
        opening, closing = quotes[0::2], quotes[1::2]
        digits = closing - opening - 1
        decimals = np.zeros(len(closing), np.int64)
        number = np.searchsorted(closing, points)
        decimals[number] = closing[number] - points - 1
        digits[number] -= 1
    if int(digits.min()) < 1 or int(digits.max()) > COUNT_DIGITS:
        return None
    return decimals


def _counted(
    values: Ints, decimals: Ints, levels: Ints, starts: list[int], grids: list[LevelGrid]
) -> LevelTexts | None:
    ticks = np.zeros(starts[-1], np.int64)
    lots = np.zeros(starts[-1], np.int64)
    inexact: list[tuple[LevelGrid, int]] = []
    distinct = dict.fromkeys(grids)
    for grid in distinct:
        mine: Mask = slice(None)
        if len(distinct) > 1:
            mine = np.repeat(np.array([other is grid for other in grids]), levels)
        prices = _steps(values[0::2][mine], decimals[0::2][mine], grid.price_step)
        sizes = _steps(values[1::2][mine], decimals[1::2][mine], grid.qty_step)
        if prices is None or sizes is None or prices[1]:
            return None
        ticks[mine], lots[mine] = prices[0], sizes[0]
        inexact.append((grid, sizes[1]))
    if len(ticks) and int(ticks.min()) <= 0:
        return None
    for grid, count in inexact:
        grid.sizes.inexact += count
    return LevelTexts(starts, ticks, lots, {})


def _steps(values: Ints, decimals: Ints, step: Step) -> tuple[Ints, int] | None:
    # Counts of `step`, rounded up, and how many were rounded; None when there are too many digits.
    if not len(values):
        return values, 0
    shift = step.digits - decimals
    largest, smallest = int(shift.max()), int(shift.min())
    if largest > 0:
        if int(values.max()) >= 10 ** max(COUNT_DIGITS - largest, 0):
            return None
        values = values * _POWERS[np.maximum(shift, 0)]
    if step.coefficient * 10 ** max(-smallest, 0) >= 10**COUNT_DIGITS:
        return None
    if smallest == largest:
        divisor: int | Ints = step.coefficient * 10 ** max(-smallest, 0)
        if divisor == 1:
            return values, 0
    else:
        divisor = step.coefficient * _POWERS[np.maximum(-shift, 0)]
    counts = values // divisor
    rest = counts * divisor != values
    rounded = int(np.count_nonzero(rest))
    return (counts + rest if rounded else counts), rounded
