"""Walk-forward windows: train on the past, test on what follows, move on."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.label_span import label_spans, purged_training
from undertow.stats.purged_folds import Split, check_rows, trainable


class WalkForwardWindow(NamedTuple):
    """Half-open: training is [train_start, train_stop), testing [test_start, test_stop)."""

    train_start: int
    train_stop: int
    test_start: int
    test_stop: int


def walk_forward_windows(
    length: int,
    *,
    train: int,
    test: int,
    step: int | None = None,
    gap: int = 0,
    is_anchored: bool = False,
    is_short_kept: bool = False,
) -> list[WalkForwardWindow]:
    """Windows over 0 .. length in the caller's unit (rows, or ns since the start).

    Rolling: each trains on the `train` units before its test; anchored: on all from 0. `step`: how
    far the next window moves, by default `test`, so that the tests join without overlap. `gap`:
    units left out between training and test; labels that look h rows ahead need gap >= h. A last
    test shorter than `test` is dropped unless `is_short_kept`. CallerError when no window fits.

    Source: Pardo (2008), The Evaluation and Optimization of Trading Strategies, chapter 11.
    """
    stride = test if step is None else step
    if min(train, test, stride) < 1 or gap < 0:
        raise CallerError(
            f"expected train, test and step of 1 or more and a gap of 0 or more, found {train}, "
            f"{test}, {stride}, {gap}"
        )
    found = []
    for begin in range(train + gap, length, stride):
        stop = min(begin + test, length)
        if stop - begin == test or is_short_kept:
            start = 0 if is_anchored else begin - gap - train
            found.append(WalkForwardWindow(start, begin - gap, begin, stop))
    if not found:
        raise CallerError(
            f"expected room for train {train}, gap {gap} and test {test}, found a length of "
            f"{length}"
        )
    return found


class WalkForward:
    """The same windows as a splitter of labelled observations, purged; usable as `cv`.

    Training observations whose closed label span touches the test block's are dropped, whatever the
    gap. label_ends, label_starts as in `PurgedKFold`; train, test, step, gap count observations. No
    embargo: nothing after a test is trained on before the next one.

    Source: Pardo (2008), chapter 11; purging of Lopez de Prado (2018), snippet 7.1.
    """

    def __init__(
        self,
        train: int,
        test: int,
        *,
        label_ends: ArrayLike,
        label_starts: ArrayLike | None = None,
        step: int | None = None,
        gap: int = 0,
        is_anchored: bool = False,
    ) -> None:
        self.spans = label_spans(label_ends, label_starts)
        self.windows = walk_forward_windows(
            len(self.spans.starts),
            train=train,
            test=test,
            step=step,
            gap=gap,
            is_anchored=is_anchored,
        )

    def split(
        self, data: object = None, target: object = None, groups: object = None
    ) -> Iterator[Split]:
        """(training places, test places) of each window, in time order."""
        check_rows(data, len(self.spans.starts))
        for window in self.windows:
            test = np.arange(window.test_start, window.test_stop)
            held = np.zeros(len(self.spans.starts), dtype=bool)
            held[test] = True
            clean = purged_training(self.spans, held)
            inside = (clean >= window.train_start) & (clean < window.train_stop)
            yield trainable(clean[inside], test), test

    def get_n_splits(
        self, data: object = None, target: object = None, groups: object = None
    ) -> int:
        """The number of windows."""
        return len(self.windows)
