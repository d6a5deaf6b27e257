"""Expected: by hand."""

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.meta_label import meta_labels
from undertow.stats.triple_barrier import barriers, close_barrier_labels


def test_outcome_and_barrier_by_hand() -> None:
    closes = [100.0, 103.0, 103.5, 103.5, 103.0, 101.0]
    given = barriers([0, 1, 2, 3], 0.02, [1, 2, 3, 5], sides=[1, 1, 1, -1])
    labels = close_barrier_labels(closes, given)
    assert labels.label.tolist() == [1, 0, 0, 1]
    assert labels.outcome[3] == pytest.approx(-(101.0 / 103.5 - 1.0))
    assert meta_labels(labels).tolist() == [1, 1, 0, 1]  # a return of zero is a 0
    assert meta_labels(labels, rule="barrier").tolist() == [1, 0, 0, 1]
    assert meta_labels(labels).dtype == np.int64


def test_an_unknown_rule_is_refused() -> None:
    labels = close_barrier_labels([1.0, 2.0], barriers([0], 0.1, [1]))
    with pytest.raises(CallerError, match="outcome or barrier"):
        meta_labels(labels, rule="profit")  # type: ignore[arg-type]
