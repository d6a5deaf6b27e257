"""Would entries at random have done as well? A rule against its own holding times and sides."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series

_BATCH_CELLS = 500_000


class RandomEntryTest(NamedTuple):
    """actual: mean net return of a trade. p_value: one-sided, that random entries do as well.

    percentiles: 5, 25, 50, 75, 95 of the random means. mean, deviation: of the random means.
    """

    actual: float
    p_value: float
    mean: float
    deviation: float
    percentiles: tuple[float, float, float, float, float]
    trades: int
    resamples: int
    overlap: bool


def random_entry_test(
    closes: ArrayLike,
    trades: tuple[ArrayLike, ArrayLike, ArrayLike],
    rng: Generator,
    *,
    resamples: int = 2000,
    cost: float = 0.0,
    overlap: bool | None = None,
) -> RandomEntryTest:
    """Mean trade return against that of the same trades entered at random places.

    closes: shape (n,), above 0. trades: entry indices, exit indices (not before the entry, below n)
    and sides (1 or -1), each shape (m,). Every resample has the same number of trades, the same
    holding times with the same sides in random order, on the same closes; so drift, number of
    trades and time in the market explain nothing, only the choice of the moment does. cost: of a
    round trip, the same for all, moves actual and random alike. overlap: may trades overlap;
    default whether they do. p = (1 + random means at least as high) / (1 + resamples): never 0.

    Source: Brock, Lakonishok and LeBaron (1992), J. Finance 47(5), the idea; p-value: Davison and
    Hinkley (1997), Bootstrap Methods and their Application, eq. 4.11. Variant: entries drawn, not
    prices.
    """
    prices, entries, exits, sides = _checked(closes, trades)
    if resamples < 1:
        raise CallerError(f"expected at least 1 resample, found {resamples}")
    holds = exits - entries
    is_free = _overlaps(entries, exits) if overlap is None else overlap
    room = len(prices) - 1 - int(holds.sum())
    if not is_free and room < 0:
        raise CallerError(f"expected trades that fit into {len(prices)} closes without overlap")
    actual = float(_returns(prices, entries, holds, sides).mean()) - cost
    found = np.empty(resamples)
    step = max(_BATCH_CELLS // len(holds), 1)
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        order = rng.permuted(np.tile(np.arange(len(holds)), (size, 1)), axis=1)
        lengths, kinds = holds[order], sides[order]
        begins = _free(lengths, len(prices), rng) if is_free else _apart(lengths, room, rng)
        found[start : start + size] = _returns(prices, begins, lengths, kinds).mean(axis=1) - cost
    # Equal within rounding counts as at least as high: the same trades summed in another order.
    reached = int(np.sum(found >= actual - 1e-12 * max(1.0, abs(actual))))
    low, lower, middle, upper, high = (float(x) for x in np.percentile(found, (5, 25, 50, 75, 95)))
    return RandomEntryTest(
        actual=actual,
        p_value=(1 + reached) / (1 + resamples),
        mean=float(found.mean()),
        deviation=float(found.std(ddof=1)) if resamples > 1 else float("nan"),
        percentiles=(low, lower, middle, upper, high),
        trades=len(holds),
        resamples=resamples,
        overlap=is_free,
    )


def _returns(
    prices: NDArray[np.float64],
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
    sides: NDArray[np.float64],
) -> NDArray[np.float64]:
    return np.asarray(sides * (prices[begins + lengths] / prices[begins] - 1.0))


def _free(lengths: NDArray[np.int64], count: int, rng: Generator) -> NDArray[np.int64]:
    return rng.integers(0, count - lengths)


def _apart(lengths: NDArray[np.int64], room: int, rng: Generator) -> NDArray[np.int64]:
    # The room left over is cut at random points; each trade starts after those before it.
    cuts = np.sort(rng.integers(0, room + 1, size=lengths.shape), axis=1)
    return np.asarray(cuts + np.cumsum(lengths, axis=1) - lengths)


def _overlaps(entries: NDArray[np.int64], exits: NDArray[np.int64]) -> bool:
    order = np.argsort(entries, kind="stable")
    return bool((entries[order][1:] < np.maximum.accumulate(exits[order])[:-1]).any())


def _checked(
    closes: ArrayLike, trades: tuple[ArrayLike, ArrayLike, ArrayLike]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    prices = checked_series(closes, "closes", least=1)
    if not (prices > 0.0).all():
        raise CallerError(f"expected closes above 0, found {prices.min()}")
    entries, exits = (np.asarray(part, dtype=np.int64).ravel() for part in trades[:2])
    sides = checked_series(trades[2], "sides", least=1)
    if not len(entries) == len(exits) == len(sides):
        raise CallerError(
            f"expected as many exits and sides as entries, found {len(entries)}, {len(exits)}, "
            f"{len(sides)}"
        )
    wrong = (entries < 0) | (exits < entries) | (exits >= len(prices)) | (np.abs(sides) != 1.0)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise CallerError(
            f"expected 0 <= entry <= exit < {len(prices)} and side 1 or -1, found "
            f"{entries[place]}, {exits[place]}, {sides[place]:g} at index {place}"
        )
    return prices, entries, exits, sides
