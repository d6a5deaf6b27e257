"""Price levels as venues print them, `[["61800.20","2.507"],...]`, to exact ticks and lots in bulk.

All texts of a batch are read in one pass of a compiled loop (`plain_levels`), exactly, without any
float. Whatever is not plain digits with at most one point (signs, exponents, a third member of a
level) makes the batch go through the slow reader, one text at a time, which understands it or says
what is wrong. Both readers give the same answers.
"""

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.fixed import Step
from undertow.kernels.text.plain_levels import read_plain_levels
from undertow.venues.decimal_grid import DecimalGrid, SizeGrid
from undertow.venues.refusal import Reason, Refusal

Ints = NDArray[np.int64]

_LEAST_BYTES: Final = 9  # ["1","1"]
_SHORT_BYTES = 400  # below this the way into the compiled loop costs more than it saves (measured)
_DECODER: Final = msgspec.json.Decoder(list[tuple[str, str]])


class LevelGrid:
    """The price and quantity steps of one instrument, with their remembered texts; `steps` are
    their digits and coefficients."""

    __slots__ = ("prices", "sizes", "steps")

    def __init__(self, price_step: Step, qty_step: Step) -> None:
        self.steps = (
            price_step.digits, price_step.coefficient, qty_step.digits, qty_step.coefficient
        )  # fmt: skip
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
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    places = {grid: place for place, grid in enumerate(dict.fromkeys(grids))}
    steps = np.array([grid.steps for grid in places], np.int64)
    of_text = np.zeros(len(texts), np.int64)
    if len(places) > 1:
        of_text[:] = [places[grid] for grid in grids]
    joined = np.frombuffer(b"".join([*texts, b"\0\0"]), np.uint8)
    room = len(joined) // _LEAST_BYTES + 1
    ticks, lots = np.empty(room, np.int64), np.empty(room, np.int64)
    counts, rounded = np.zeros(len(texts), np.int64), np.zeros(len(places), np.int64)
    found = read_plain_levels(
        joined, np.cumsum(lengths), of_text, steps, ticks, lots, counts, rounded
    )
    if found < 0:
        return None
    for grid, inexact in zip(places, rounded.tolist(), strict=True):
        grid.sizes.inexact += inexact
    starts = [0, *np.cumsum(counts).tolist()]
    return LevelTexts(starts, ticks[:found], lots[:found], {})
