"""Sequential bootstrap: draw labels so that each next one overlaps little with those drawn."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import whole_numbers
from undertow.stats.label_span import LabelSpans


def draw_probabilities(spans: LabelSpans, drawn: ArrayLike = ()) -> NDArray[np.float64]:
    """Chance of each label to be drawn next, given the places already drawn (repeats count).

    In proportion to the mean over the label's bars of 1 / (1 + how often a drawn label covers the
    bar).

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, section 4.5.
    """
    places = whole_numbers(np.asarray(drawn, dtype=np.int64), "drawn labels")
    _check_drawn(places, len(spans.starts))
    pieces = _Pieces(spans)
    for place in places:
        pieces.draw(int(place))
    return pieces.probabilities()


def sequential_bootstrap(
    spans: LabelSpans, rng: np.random.Generator, *, size: int | None = None
) -> NDArray[np.int64]:
    """Places of `size` labels (as many as there are by default), drawn one after another.

    Costs O(size x labels).

    Source: Lopez de Prado (2018), section 4.5, snippet 4.5.
    """
    count = len(spans.starts) if size is None else size
    if count < 0:
        raise CallerError(f"expected a size of 0 or more, found {count}")
    pieces = _Pieces(spans)
    found = np.empty(count, dtype=np.int64)
    for turn, point in enumerate(rng.random(count)):
        ladder = np.cumsum(pieces.probabilities())
        place = int(np.searchsorted(ladder, point * ladder[-1], side="right"))
        found[turn] = min(place, len(ladder) - 1)
        pieces.draw(int(found[turn]))
    return found


class _Pieces:
    # The bars cut at every start and end of a label: between two cuts all bars are alike, so the
    # cost does not depend on how many bars there are.
    def __init__(self, spans: LabelSpans) -> None:
        cuts = np.unique(np.concatenate([spans.starts, spans.ends + 1]))
        self.lengths = np.diff(cuts).astype(np.float64)
        self.first = np.searchsorted(cuts, spans.starts)
        self.stop = np.searchsorted(cuts, spans.ends + 1)
        self.bars = (spans.ends - spans.starts + 1).astype(np.float64)
        self.covered = np.zeros(len(self.lengths))

    def draw(self, place: int) -> None:
        self.covered[self.first[place] : self.stop[place]] += 1.0

    def probabilities(self) -> NDArray[np.float64]:
        shares = np.concatenate([[0.0], np.cumsum(self.lengths / (1.0 + self.covered))])
        uniqueness = (shares[self.stop] - shares[self.first]) / self.bars
        return np.asarray(uniqueness / uniqueness.sum())


def _check_drawn(places: NDArray[np.int64], count: int) -> None:
    if len(places) and (places.min() < 0 or places.max() >= count):
        raise CallerError(
            f"expected drawn labels 0 to {count - 1}, found {places.min()} to {places.max()}"
        )
