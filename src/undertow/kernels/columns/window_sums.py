"""`block_sum` and `weighted_sum` over whole columns."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.block_sum import block_sum
from undertow.kernels.cells.weighted_sum import weighted_sum
from undertow.kernels.columns.holes import holes
from undertow.kernels.compiled import cell

Column = NDArray[np.float64]


@cell
def window_sums(x: Column, n: int, divisor: float, s: Column, out: Column) -> bool:
    """out = `block_sum(s, 0, x, n)` / divisor; False when it met no number."""
    start = begin_blocks(n, s)
    for k in range(min(start, len(x))):
        out[k] = block_sum(s, 0, x[k], n) / divisor
    stop = start + sums_of_blocks(x[start:], n, divisor, s[3:], out[start:])
    for k in range(stop, len(x)):
        out[k] = block_sum(s, 0, x[k], n) / divisor
    return are_numbers(x, 0, start) and are_numbers(x, stop, len(x))


@cell
def sums_of_blocks(x: Column, n: int, divisor: float, ring: Column, out: Column) -> int:
    """Go over whole blocks; how many values they have, less than all when one has no number."""
    behind = np.zeros(n + 1)
    for k in range(n):
        behind[k] = ring[k]
    i = 0
    while i + n <= len(x):
        values, answers = x[i : i + n], out[i : i + n]
        total = 0.0
        for k in range(n):
            total += values[k]
            answers[k] = (total + behind[k + 1]) / divisor
        if not isfinite(total):
            break
        total = 0.0
        for k in range(n - 1, -1, -1):
            total += values[k]
            behind[k] = total
        i += n
    for k in range(n if i > 0 else 0):
        ring[k] = behind[k]
    return i


@cell
def begin_blocks(n: int, s: Column) -> int:
    """How many values come before the first block that is whole and after the warm-up."""
    return n - int(s[1]) if s[1] > 0.0 or s[0] < n else 0


@cell
def are_numbers(x: Column, first: int, last: int) -> bool:
    """Whether the values from `first` up to `last` are finite."""
    return holes(x[first : min(last, len(x))]) == 0


@cell
def weighted_means(x: Column, n: int, divisor: float, s: Column, out: Column) -> bool:
    """out = `weighted_sum(s, 0, x, n)` / divisor; False when it met no number."""
    start = begin_blocks(n, s)
    for k in range(min(start, len(x))):
        out[k] = weighted_sum(s, 0, x[k], n) / divisor
    stop = start + means_of_blocks(x[start:], n, divisor, s[4:], out[start:])
    for k in range(stop, len(x)):
        out[k] = weighted_sum(s, 0, x[k], n) / divisor
    return are_numbers(x, 0, start) and are_numbers(x, stop, len(x))


@cell
def means_of_blocks(x: Column, n: int, divisor: float, rings: Column, out: Column) -> int:
    """Go over whole blocks; how many values they have, less than all when one has no number."""
    plain, rising = np.zeros(n + 1), np.zeros(n + 1)
    for k in range(n):
        rising[k] = rings[n + k]
    i = 0
    while i + n <= len(x):
        values, answers = x[i : i + n], out[i : i + n]
        weighted = total = 0.0
        for k in range(n):
            weighted += (k + 1) * values[k]
            total += values[k]
            answers[k] = (weighted + (n - k - 1) * total + rising[k + 1]) / divisor
        if not isfinite(weighted):
            break
        total = more = 0.0
        for k in range(n - 1, -1, -1):
            total += values[k]
            more += total
            plain[k] = total
            rising[k] = more
        i += n
    for k in range(n if i > 0 else 0):
        rings[k] = plain[k]
        rings[n + k] = rising[k]
    return i
