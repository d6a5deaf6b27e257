"""Places drawn by the stationary bootstrap: blocks of geometric length that go round the end."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError


def stationary_places(
    count: int, shape: tuple[int, int], mean_block: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Rows 0 .. count - 1 of each resample, shape (resamples, length): block after block.

    A block starts anywhere with equal chance and goes on with chance 1 - 1/mean_block, going round
    from the last row to the first. mean_block: in rows, 1 to count.

    Source: Politis and Romano (1994), J. American Statistical Association 89.
    """
    if not 1.0 <= mean_block <= count:
        raise CallerError(f"expected a mean block of 1 to {count} rows, found {mean_block!r}")
    steps = np.arange(shape[1])
    fresh = rng.random(shape) < 1.0 / mean_block
    fresh[:, :1] = True
    begun = np.maximum.accumulate(np.where(fresh, steps, 0), axis=1)
    starts = rng.integers(0, count, shape)
    origin = np.take_along_axis(starts, begun, axis=1)
    return np.asarray((origin + steps - begun) % count)
