"""Market orders that excite market orders: one block of the Hawkes process, drawn step by step.

Orders a step are Poisson with the intensity of arrivals and excitation; each order then raises the
excitation of its own instrument and side, of its asset's instruments and of the other side.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled


@compiled
def draw_orders(
    arrivals: NDArray[np.float64],
    planned: NDArray[np.int64],
    alive: NDArray[np.int64],
    cross: NDArray[np.float64],
    same: float,
    opposite: float,
    decay: float,
    step_s: float,
    most: int,
    rng: np.random.Generator,
    excitation: NDArray[np.float64],
    counts: NDArray[np.int64],
    expected: NDArray[np.float64],
) -> None:
    """Draw `counts` (steps, N, 2) and their means `expected`; `excitation` (N, 2) is moved on.

    `arrivals`, `planned` (steps, N, 2), `alive` (steps, N): see `Aggression.advance`. `cross`
    (assets, instruments of an asset): what one order of the asset adds to each. At most `most`
    orders of one side and step. The generator is drawn from in the order of the arrays.
    """
    group = cross.shape[1]
    for step in range(arrivals.shape[0]):
        for i in range(arrivals.shape[1]):
            length = step_s if alive[step, i] else 0.0
            for side in range(2):
                mean = (arrivals[step, i, side] + excitation[i, side]) * length
                expected[step, i, side] = mean
                counts[step, i, side] = min(rng.poisson(mean), most)
        for asset in range(cross.shape[0]):
            first = asset * group
            bought = 0
            sold = 0
            for i in range(first, first + group):
                bought += counts[step, i, 0] + planned[step, i, 0]
                sold += counts[step, i, 1] + planned[step, i, 1]
            for k in range(group):
                i = first + k
                buys = counts[step, i, 0] + planned[step, i, 0]
                sells = counts[step, i, 1] + planned[step, i, 1]
                excitation[i, 0] += same * buys + opposite * sells
                excitation[i, 1] += same * sells + opposite * buys
                excitation[i, 0] = (excitation[i, 0] + cross[asset, k] * bought) * decay
                excitation[i, 1] = (excitation[i, 1] + cross[asset, k] * sold) * decay
