"""The imbalance of one book over time, with the score of each look."""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.flow.book_imbalance import book_imbalance as judged
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.drawing import Curve, Drawing, Level, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink

LOOKS = 300


def book_imbalance(flow: InstrumentFlow, looks: int = 600) -> Figure:
    """(bids - asks) / both over the best levels at the last `looks`, a second apart, each with its
    score against the looks before it.
    """
    values = flow.imbalances().astype(np.float64)
    if len(values) < 2:
        raise CallerError(f"expected at least 2 looks at the book, found {len(values)}")
    scores = np.array([judged(_Past(flow, values[: i + 1]), LOOKS).z for i in range(len(values))])
    ago = np.arange(-len(values) + 1, 1, dtype=np.float64)[-looks:]
    share = Curve(ago, values[-looks:], "", Ink.SPOT, 1.1, fill_to=0.0)
    score = Curve(ago, scores[-looks:], "", Ink.TOTAL, 1.1)
    edges = tuple(Level(at, f"{at:+g}", Ink.QUIET) for at in (2.0, -2.0))
    return Figure(
        Drawing(
            title=f"{flow.instrument.instrument_id}, imbalance of the book",
            panels=(
                Panel("(bids - asks) / both", (share,), 1.0, has_zero=True),
                Panel("score (deviations)", (score, *edges), 0.8, has_zero=True),
            ),
            subtitle=f"each look against up to {LOOKS} looks before it",
            x_label="looks ago (a second each while the book is synced)",
            has_time_axis=False,
        )
    )


class _Past:
    # The flow as it was when fewer looks had been taken.
    def __init__(self, flow: InstrumentFlow, values: NDArray[np.float64]) -> None:
        self.depth = flow.depth
        self._values = values.astype(np.float32)

    def imbalances(self) -> NDArray[np.float32]:
        return self._values
