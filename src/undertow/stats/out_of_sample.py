"""Out-of-sample split: the last part of the data, set aside before anything is optimised."""

from math import ceil
from typing import NamedTuple

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_share


class OutOfSampleSplit(NamedTuple):
    """Optimise on [0, in_sample_stop), look once at [out_of_sample_start, length)."""

    in_sample_stop: int
    out_of_sample_start: int
    length: int


def out_of_sample_split(length: int, *, share: float = 0.25, gap: int = 0) -> OutOfSampleSplit:
    """The last `share` (rounded up) of 0 .. length, and the `gap` before it left out of both.

    length, gap: in rows or in ns. 20 to 30 % is usual; the part may be looked at once, afterwards
    it is in sample. Labels that look h rows ahead need gap >= h.

    Source: definition.
    """
    reserved = ceil(length * checked_share(share, "a share") - 1e-9)
    if gap < 0 or length - reserved - gap < 1:
        raise CallerError(
            f"expected a length above the reserved {reserved} and a gap of 0 or more, found "
            f"{length}, {gap}"
        )
    return OutOfSampleSplit(length - reserved - gap, length - reserved, length)
