"""Purged k-fold cross-validation with an embargo, also as a splitter for scikit-learn."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.label_span import embargo_count, label_spans, purged_training

Split = tuple[NDArray[np.int64], NDArray[np.int64]]


class PurgedKFold:
    """k contiguous folds in time; training drops what a test label touches, and an embargo after.

    label_ends, label_starts: shape (n,), the closed span of each label in places or in ns (starts:
    0, 1, 2 ... by default). folds: as numpy.array_split, the first ones one longer. embargo:
    observations after the last test label's END, or a share of n below 1. Usable wherever
    scikit-learn takes `cv`. With n much below folds x horizon nothing is left to train: such a fold
    raises CallerError.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, snippets 7.1 to 7.3.
    """

    def __init__(
        self,
        folds: int = 5,
        *,
        label_ends: ArrayLike,
        label_starts: ArrayLike | None = None,
        embargo: float = 0,
    ) -> None:
        self.spans = label_spans(label_ends, label_starts)
        self.folds = checked_folds(folds, len(self.spans.starts))
        self.embargo = embargo_count(embargo, len(self.spans.starts))

    def split(
        self, data: object = None, target: object = None, groups: object = None
    ) -> Iterator[Split]:
        """(training places, test places) of each fold, in time order."""
        count = len(self.spans.starts)
        check_rows(data, count)
        for fold in np.array_split(np.arange(count), self.folds):
            held = np.zeros(count, dtype=bool)
            held[fold] = True
            yield trainable(purged_training(self.spans, held, embargo=self.embargo), fold), fold

    def get_n_splits(
        self, data: object = None, target: object = None, groups: object = None
    ) -> int:
        """The number of folds."""
        return self.folds


def checked_folds(folds: int, observations: int) -> int:
    """The number of folds: at least 2, at most one an observation.

    Source: definition.
    """
    if not 2 <= folds <= observations:
        raise CallerError(f"expected 2 to {observations} folds, found {folds}")
    return folds


def check_rows(data: object, observations: int) -> None:
    """Refuse data whose length is not that of the labels.

    Source: definition.
    """
    found = len(data) if hasattr(data, "__len__") else observations
    if data is not None and found != observations:
        raise CallerError(f"expected a row for each of {observations} labels, found {found}")


def trainable(training: NDArray[np.int64], test: NDArray[np.int64]) -> NDArray[np.int64]:
    """`training`, refused when purging and embargo left nothing of it.

    Source: definition.
    """
    if not len(training):
        raise CallerError(
            f"expected training observations beside test places {test[0]} to {test[-1]}, found "
            "none: the labels or the embargo reach too far"
        )
    return training
