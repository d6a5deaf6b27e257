"""Expected: by hand and by loops over bars."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.label_span import LabelSpans, label_spans
from undertow.stats.label_uniqueness import (
    average_uniqueness,
    label_concurrency,
    return_attribution_weights,
    span_sums,
    time_decay_weights,
)

BOOK = label_spans([2, 3, 5], [0, 2, 4])


def test_the_book_s_labels() -> None:
    assert label_concurrency(BOOK, 6).tolist() == [1, 1, 2, 1, 1, 1]
    assert average_uniqueness(BOOK, 6) == pytest.approx([2.5 / 3.0, 0.75, 1.0])


@given(st.data())
def test_it_is_the_definition(data: st.DataObject) -> None:
    spans, bars = _spans(data)
    covers = [
        sum(start <= bar <= end for start, end in zip(*spans, strict=True)) for bar in range(bars)
    ]
    assert label_concurrency(spans, bars).tolist() == covers
    expected = [
        np.mean([1.0 / covers[bar] for bar in range(start, end + 1)])
        for start, end in zip(*spans, strict=True)
    ]
    assert average_uniqueness(spans, bars) == pytest.approx(expected)
    values = np.arange(bars, dtype=float)
    sums = [values[start : end + 1].sum() for start, end in zip(*spans, strict=True)]
    assert span_sums(values, spans) == pytest.approx(sums)


@given(st.data())
def test_return_attribution_is_the_definition(data: st.DataObject) -> None:
    spans, bars = _spans(data)
    closes = np.exp(np.cumsum(np.random.default_rng(bars).standard_normal(bars) * 0.01))
    moves = np.diff(np.log(closes), prepend=np.log(closes[0]))
    covers = label_concurrency(spans, bars)
    for is_entry_bar_counted in (True, False):
        skip = 0 if is_entry_bar_counted else 1
        raw = np.array(
            [
                abs(sum(moves[bar] / covers[bar] for bar in range(start + skip, end + 1)))
                for start, end in zip(*spans, strict=True)
            ]
        )
        found = return_attribution_weights(closes, spans, is_entry_bar_counted=is_entry_bar_counted)
        if raw.sum() > 0.0:
            assert found == pytest.approx(raw * len(raw) / raw.sum(), abs=1e-9)
            assert found.sum() == pytest.approx(len(raw))


def test_prices_that_stand_still_weigh_nothing() -> None:
    assert np.isnan(return_attribution_weights([5.0] * 6, BOOK)).all()


def test_time_decay_by_hand() -> None:
    uniqueness = [0.5, 0.5, 1.0]  # x = 0.5, 1, 2
    assert time_decay_weights(uniqueness, 1.0) == pytest.approx([1.0, 1.0, 1.0])
    assert time_decay_weights(uniqueness, 0.5) == pytest.approx([0.625, 0.75, 1.0])
    assert time_decay_weights(uniqueness, 0.0) == pytest.approx([0.25, 0.5, 1.0])
    # the oldest half of x: slope 1/(0.5 * 2) = 1, weights 1 - (2 - x)
    assert time_decay_weights(uniqueness, -0.5) == pytest.approx([0.0, 0.0, 1.0])


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="spans within bars 0 to 4, found 0 to 5"):
        label_concurrency(BOOK, 5)
    with pytest.raises(CallerError, match="closes above 0"):
        return_attribution_weights([1.0, 0.0, 1.0, 1.0, 1.0, 1.0], BOOK)
    with pytest.raises(CallerError, match="above -1 and at most 1"):
        time_decay_weights([1.0], -1.0)
    with pytest.raises(CallerError, match="uniqueness above 0"):
        time_decay_weights([0.0], 0.5)


def _spans(data: st.DataObject) -> tuple[LabelSpans, int]:
    count = data.draw(st.integers(1, 12))
    starts = np.sort(data.draw(st.lists(st.integers(0, 20), min_size=count, max_size=count)))
    lengths = np.array(data.draw(st.lists(st.integers(0, 6), min_size=count, max_size=count)))
    spans = label_spans(starts + lengths, starts)
    return spans, int(spans.ends.max()) + 1 + data.draw(st.integers(0, 3))
