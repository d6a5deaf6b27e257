"""Successive moves against a position on a fixed time grid (FLOW-25).

Raw ticks would count three adverse moves within milliseconds; the grid does not. A sample equal to
the one before it neither counts nor breaks the row. Closed one-second bars only.
"""

from itertools import pairwise

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.flow_view import Bars


def adverse_moves(
    bars_1s: Bars,
    side: Side,
    step_s: int = 2,
    window_s: int = 15,
    *,
    least_ticks: int = 1,
) -> int:
    """How many moves in a row, up to now, went against a position of `side`.

    Closes are sampled every `step_s` back from the last closed second, within `window_s`. A move
    smaller than `least_ticks` is a tie. With fewer bars than that the row is counted as far as it
    can be seen, so it can only be too small.
    """
    if not 0 < step_s < window_s or least_ticks < 1:
        raise CallerError(
            f"expected 0 < step_s < window_s and least_ticks >= 1, "
            f"found {step_s}, {window_s}, {least_ticks}"
        )
    samples = bars_1s["close_ticks"][::-1][:window_s:step_s].tolist()
    count = 0
    for newer, older in pairwise(samples):
        move = side * (newer - older)
        if move >= least_ticks:
            break
        count += move <= -least_ticks
    return count
