"""Meta labels: was it right to act on a primary model's side."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.triple_barrier import BarrierLabels

MetaRule = Literal["outcome", "barrier"]


def meta_labels(given: BarrierLabels, *, rule: MetaRule = "outcome") -> NDArray[np.int64]:
    """1 to act, 0 to leave it, shape (n,); the labels must have been made with the model's `sides`.

    outcome: 1 where the return in the side's direction is above 0 (the book; a return of zero is a
    0). barrier: 1 only where the profit barrier was met. The return of a short is -(P1/P0 - 1), the
    simple one.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, snippets 3.6 and 3.7.
    """
    if rule == "outcome":
        return np.asarray(given.outcome > 0.0, dtype=np.int64)
    if rule == "barrier":
        return np.asarray(given.label == 1, dtype=np.int64)
    raise CallerError(f"expected outcome or barrier, found {rule!r}")
