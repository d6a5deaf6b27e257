"""Fewer points of a long line without losing a peak or a trough."""

import numpy as np
from numpy.typing import NDArray

MOST_POINTS = 4_000
"""More than a screen has columns; a page with more is slow and shows nothing else."""


def thinned(values: NDArray[np.float64], most: int = MOST_POINTS) -> NDArray[np.int64]:
    """Places of the points to draw, in order: the first and the last, and of each stretch its
    lowest and its highest. All of them when there are no more than `most`.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    stretches = max(1, most // 2 - 1)
    edges = np.linspace(0, count, stretches + 1).astype(np.int64)
    places = {0, count - 1}
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = values[first:last]
        if len(part) and np.isfinite(part).any():
            places.add(first + int(np.nanargmin(part)))
            places.add(first + int(np.nanargmax(part)))
    return np.array(sorted(places), np.int64)
