"""One price for a bar, and bars drawn from averages."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.columns.holes import is_hole
from undertow.kernels.compiled import cell
from undertow.kernels.step import Columns, Numbers, Step


def average_price_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. out: their mean."""
    out[0] = (x[0] + x[1] + x[2] + x[3]) / 4.0


@cell
def quick_average_price(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`average_price_step` over columns; a mean of what is no number is none."""
    a, b, c, d = columns
    means, bits, missing = out[0], out[0].view(np.int64), np.int64(0)
    for k in range(len(means)):
        means[k] = (a[k] + b[k] + c[k] + d[k]) / 4.0
        missing += np.int64(is_hole(bits[k]))
    return bool(missing == 0)


AVERAGE_PRICE = Step(average_price_step, quick_average_price)


def median_price_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. out: their mean."""
    out[0] = (x[0] + x[1]) / 2.0


@cell
def quick_median_price(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`median_price_step` over columns; a mean of what is no number is none."""
    a, b = columns
    means, bits, missing = out[0], out[0].view(np.int64), np.int64(0)
    for k in range(len(means)):
        means[k] = (a[k] + b[k]) / 2.0
        missing += np.int64(is_hole(bits[k]))
    return bool(missing == 0)


MEDIAN_PRICE = Step(median_price_step, quick_median_price)


def typical_price_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. out: their mean."""
    out[0] = (x[0] + x[1] + x[2]) / 3.0


@cell
def quick_typical_price(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`typical_price_step` over columns; a mean of what is no number is none."""
    a, b, c = columns
    means, bits, missing = out[0], out[0].view(np.int64), np.int64(0)
    for k in range(len(means)):
        means[k] = (a[k] + b[k] + c[k]) / 3.0
        missing += np.int64(is_hole(bits[k]))
    return bool(missing == 0)


TYPICAL_PRICE = Step(typical_price_step, quick_typical_price)


def weighted_close_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. out: their mean with the close counted twice."""
    out[0] = (x[0] + x[1] + 2.0 * x[2]) / 4.0


@cell
def quick_weighted_close(
    columns: Columns, p: NDArray[np.float64], s: NDArray[np.float64], out: NDArray[np.float64]
) -> bool:
    """`weighted_close_step` over columns; a mean of what is no number is none."""
    a, b, c = columns
    means, bits, missing = out[0], out[0].view(np.int64), np.int64(0)
    for k in range(len(means)):
        means[k] = (a[k] + b[k] + 2.0 * c[k]) / 4.0
        missing += np.int64(is_hole(bits[k]))
    return bool(missing == 0)


WEIGHTED_CLOSE = Step(weighted_close_step, quick_weighted_close)


def heikin_ashi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. out: close, open, high and low of the averaged bar.

    s: 1 once there is a bar before, its averaged open and close.
    """
    close = (x[0] + x[1] + x[2] + x[3]) / 4.0
    opened = (s[1] + s[2]) / 2.0 if s[0] == 1.0 else (x[0] + x[3]) / 2.0
    out[0] = close
    out[1] = opened
    out[2] = max(x[1], opened, close)
    out[3] = min(x[2], opened, close)
    s[0], s[1], s[2] = 1.0, opened, close


HEIKIN_ASHI = Step(heikin_ashi_step)
