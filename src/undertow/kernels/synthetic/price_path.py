"""Prices that follow a target with a lag: the loop over a block's steps."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled


@compiled
def follow_target(
    target: NDArray[np.float64],
    noise: NDArray[np.float64],
    share: NDArray[np.float64],
    price: NDArray[np.float64],
    path: NDArray[np.float64],
) -> None:
    """Move `price` (N,) by `share` (N,) of its distance to `target` (steps, N), plus `noise`.

    Writes the price after each step to `path` (steps, N); `price` ends as the last of them.
    """
    for step in range(target.shape[0]):
        for i in range(target.shape[1]):
            price[i] = price[i] + share[i] * (target[step, i] - price[i]) + noise[step, i]
            path[step, i] = price[i]
