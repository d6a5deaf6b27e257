"""`block_sum` and `weighted_sum` over whole columns."""

from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.cells.block_sum import block_sum
from undertow.kernels.cells.weighted_sum import weighted_sum
from undertow.kernels.columns.holes import holes
from undertow.kernels.columns.stretch import whole_blocks
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


SHORT = 24
"""Blocks shorter than this are summed from one end after the other: there is little to gain."""


@cell
def sums_of_blocks(x: Column, n: int, divisor: float, ring: Column, out: Column) -> int:
    """Go over whole blocks; how many values they have, less than all when one has no number."""
    if n >= SHORT:
        return sums_from_both_ends(x, n, divisor, ring, out)
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
def sums_from_both_ends(x: Column, n: int, divisor: float, ring: Column, out: Column) -> int:
    """The same, a block from both ends at once: additions of one sum wait for each other."""
    behind, coming = np.zeros(n + 1), np.zeros(n + 1)
    for k in range(n):
        behind[k] = ring[k]
    i = 0
    while i + n <= len(x):
        values, answers = x[i : i + n], out[i : i + n]
        total = rest = 0.0
        for k in range(n):
            total += values[k]
            answers[k] = total
            rest += values[n - 1 - k]
            coming[n - 1 - k] = rest
        if not isfinite(total):
            break
        for k in range(n):
            answers[k] = (answers[k] + behind[k + 1]) / divisor
        behind, coming = coming, behind
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
    plain, rising, coming = np.zeros(n + 1), np.zeros(n + 1), np.zeros(n + 1)
    for k in range(n):
        rising[k] = rings[n + k]
    i = 0
    while i + n <= len(x):
        values, answers = x[i : i + n], out[i : i + n]
        weighted = total = rest = more = 0.0
        for k in range(n):
            weighted += (k + 1) * values[k]
            total += values[k]
            answers[k] = weighted + (n - k - 1) * total
            rest += values[n - 1 - k]
            more += rest
            plain[n - 1 - k] = rest
            coming[n - 1 - k] = more
        if not isfinite(weighted):
            break
        for k in range(n):
            answers[k] = (answers[k] + rising[k + 1]) / divisor
        rising, coming = coming, rising
        i += n
    for k in range(n if i > 0 else 0):
        rings[k] = plain[k]
        rings[n + k] = rising[k]
    return i


@cell
def silence(x: Column, out: Column) -> int:
    """How many values of x are a warm-up; `out` is NaN that long."""
    i = 0
    while i < len(x) and x[i] != x[i]:
        out[i] = nan
        i += 1
    return i


@cell
def differences_averaged(
    x: Column, y: Column, n: int, divisor: float, s: Column, out: Column
) -> bool:
    """out = `block_sum(s, 0, x - y, n)` / divisor, a stretch at a time."""
    length = whole_blocks(n)
    found = np.empty(length)
    is_done = True
    for first in range(0, len(x), length):
        last = min(first + length, len(x))
        # Parts counted from 0, so that no index can be negative and none is checked for it.
        gaps, a, b = found[: last - first], x[first:last], y[first:last]
        for k in range(len(gaps)):
            gaps[k] = a[k] - b[k]
        is_done &= window_sums(gaps, n, divisor, s, out[first:last])
    return is_done
