"""Label spans: when an observation is known and until when its label looks, ends included."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import whole_numbers


class LabelSpans(NamedTuple):
    """starts, ends: shape (n,), places of bars or times in ns; starts in order, ends >= starts."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def label_spans(ends: ArrayLike, starts: ArrayLike | None = None) -> LabelSpans:
    """Spans [start, end], checked; without `starts` observation i starts at i.

    Several observations may start at once (many assets); starts out of order and a label that ends
    before it starts are refused.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, chapter 7.
    """
    last = whole_numbers(ends, "label ends")
    first = np.arange(len(last)) if starts is None else whole_numbers(starts, "label starts")
    if len(first) != len(last) or not len(last):
        raise CallerError(
            f"expected as many label starts as ends, at least 1, found {len(first)}, {len(last)}"
        )
    if (np.diff(first) < 0).any():
        place = int(np.argmax(np.diff(first) < 0)) + 1
        raise CallerError(f"expected label starts in order, found {first[place]} late at {place}")
    if (last < first).any():
        place = int(np.argmax(last < first))
        raise CallerError(
            f"expected labels that end at or after their start, found {first[place]} to "
            f"{last[place]} at {place}"
        )
    return LabelSpans(first, last)


def horizon_spans(count: int, horizon: int) -> LabelSpans:
    """Spans of labels that all look `horizon` observations ahead: [i, i + horizon], i < count.

    Source: definition.
    """
    if count < 1 or horizon < 0:
        raise CallerError(f"expected 1 or more labels, horizon 0 or more, found {count}, {horizon}")
    starts = np.arange(count, dtype=np.int64)
    return LabelSpans(starts, starts + horizon)


def purged_training(
    spans: LabelSpans, test: NDArray[np.bool_], *, embargo: int = 0
) -> NDArray[np.int64]:
    """Places that may train when `test` (shape (n,), True: tested) is held out.

    For every contiguous block of test observations the closed interval from its first start to its
    latest end is forbidden: an observation whose closed span touches it is dropped, and so are
    the first `embargo` observations that start after it.

    Source: Lopez de Prado (2018), snippets 7.1 to 7.3. Variant: closed intervals, touching is
    overlap, the embargo counts from the latest label END.
    """
    held = np.asarray(test, dtype=bool)
    if held.shape != spans.starts.shape or embargo < 0:
        raise CallerError(
            f"expected a test mark for each of {len(spans.starts)} observations and an embargo "
            f"of 0 or more, found shape {held.shape}, {embargo}"
        )
    allowed = ~held
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held.astype(np.int8), [0]])))
    for first, stop in edges.reshape(-1, 2):
        begin, end = spans.starts[first], spans.ends[first:stop].max()
        allowed &= (spans.ends < begin) | (spans.starts > end)
        after = int(np.searchsorted(spans.starts, end, side="right"))
        allowed[after : after + embargo] = False
    return np.flatnonzero(allowed)


def embargo_count(embargo: float, observations: int) -> int:
    """A whole embargo as it is; one below 1 as a share: int(observations x share).

    Source: Lopez de Prado (2018), snippet 7.2.
    """
    if 0.0 < embargo < 1.0:
        return int(observations * embargo)
    if embargo < 0 or embargo != int(embargo):
        raise CallerError(
            f"expected an embargo of whole observations or a share, found {embargo!r}"
        )
    return int(embargo)
