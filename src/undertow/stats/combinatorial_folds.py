"""Combinatorial purged cross-validation: every set of test folds, and the paths they make."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.label_span import embargo_count, label_spans, purged_training
from undertow.stats.purged_folds import Split, check_rows, checked_folds, trainable


class CombinatorialPurgedKFold:
    """All C(N, k) sets of k test folds out of N, in lexicographic order; C(N, k) k/N full paths.

    Every contiguous block of test folds is purged on both sides and embargoed after, also where one
    training fold lies between two of them. Arguments as `PurgedKFold`. Usable wherever scikit-learn
    takes `cv`: the test places of a split are all its folds in time order.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, chapter 12.
    """

    def __init__(
        self,
        folds: int = 6,
        test_folds: int = 2,
        *,
        label_ends: ArrayLike,
        label_starts: ArrayLike | None = None,
        embargo: float = 0,
    ) -> None:
        self.spans = label_spans(label_ends, label_starts)
        count = len(self.spans.starts)
        self.folds = checked_folds(folds, count)
        if not 1 <= test_folds < folds:
            raise CallerError(f"expected 1 to {folds - 1} test folds, found {test_folds}")
        self.test_folds = test_folds
        self.embargo = embargo_count(embargo, count)
        self.places = np.array_split(np.arange(count), folds)
        self.sets = list(combinations(range(folds), test_folds))

    def split(
        self, data: object = None, target: object = None, groups: object = None
    ) -> Iterator[Split]:
        """(training places, test places) of each set of test folds."""
        check_rows(data, len(self.spans.starts))
        for chosen in self.sets:
            test = np.concatenate([self.places[fold] for fold in chosen])
            held = np.zeros(len(self.spans.starts), dtype=bool)
            held[test] = True
            yield trainable(purged_training(self.spans, held, embargo=self.embargo), test), test

    def get_n_splits(
        self, data: object = None, target: object = None, groups: object = None
    ) -> int:
        """C(N, k)."""
        return len(self.sets)

    def get_n_paths(self) -> int:
        """C(N, k) k / N: how many whole histories the splits make."""
        return comb(self.folds - 1, self.test_folds - 1)

    def path_ids(self) -> NDArray[np.int64]:
        """Path of each test fold of each split, shape (splits, k): how often tested before."""
        tested = np.zeros(self.folds, dtype=np.int64)
        found = np.empty((len(self.sets), self.test_folds), dtype=np.int64)
        for place, chosen in enumerate(self.sets):
            found[place] = tested[list(chosen)]
            tested[list(chosen)] += 1
        return found

    def paths(self, values: Sequence[ArrayLike]) -> NDArray[np.float64]:
        """One whole history a path, shape (paths, n), from the values of each split's test places.

        values: for each split, in order, one number for each of its test places (predictions or
        returns).
        """
        if len(values) != len(self.sets):
            raise CallerError(f"expected values of {len(self.sets)} splits, found {len(values)}")
        found = np.full((self.get_n_paths(), len(self.spans.starts)), np.nan)
        for chosen, ids, given in zip(self.sets, self.path_ids(), values, strict=True):
            array = np.asarray(given, dtype=np.float64)
            wanted = sum(len(self.places[fold]) for fold in chosen)
            if array.shape != (wanted,):
                raise CallerError(
                    f"expected {wanted} values of folds {chosen}, found {array.shape}"
                )
            ends = np.cumsum([len(self.places[fold]) for fold in chosen])[:-1]
            for fold, path, part in zip(chosen, ids, np.split(array, ends), strict=True):
                found[path, self.places[fold]] = part
        return found
