"""Expected: the book's numerical example, and its comparison with plain draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.label_span import horizon_spans, label_spans
from undertow.stats.label_uniqueness import average_uniqueness
from undertow.stats.sequential_draw import draw_probabilities, sequential_bootstrap

BOOK = label_spans([2, 3, 5], [0, 2, 4])


def test_the_book_s_example() -> None:
    assert draw_probabilities(BOOK) == pytest.approx([1 / 3] * 3)
    assert draw_probabilities(BOOK, [1]) == pytest.approx([5 / 14, 3 / 14, 6 / 14])


@given(st.data())
def test_it_is_the_definition(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    starts = np.sort(data.draw(st.lists(st.integers(0, 15), min_size=count, max_size=count)))
    lengths = np.array(data.draw(st.lists(st.integers(0, 6), min_size=count, max_size=count)))
    spans = label_spans(starts + lengths, starts)
    drawn = data.draw(st.lists(st.integers(0, count - 1), max_size=6))
    covered = np.zeros(30)
    for place in drawn:
        covered[spans.starts[place] : spans.ends[place] + 1] += 1
    raw = [np.mean(1.0 / (1.0 + covered[a : b + 1])) for a, b in zip(*spans, strict=True)]
    assert draw_probabilities(spans, drawn) == pytest.approx(np.array(raw) / sum(raw))


def test_draws_come_with_their_probabilities() -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([sequential_bootstrap(BOOK, rng, size=2) for _ in range(6000)])
    second = drawn[drawn[:, 0] == 1, 1]
    shares = np.bincount(second, minlength=3) / len(second)
    assert shares == pytest.approx([5 / 14, 3 / 14, 6 / 14], abs=0.04)


def test_it_overlaps_less_than_plain_draws() -> None:
    spans, rng = horizon_spans(60, 8), np.random.default_rng(2)

    def uniqueness(drawn: list[int]) -> float:
        places = np.sort(drawn)
        return float(
            average_uniqueness(label_spans(spans.ends[places], spans.starts[places]), 68).mean()
        )

    ordered = [uniqueness(sequential_bootstrap(spans, rng, size=10).tolist()) for _ in range(60)]
    plain = [uniqueness(rng.integers(0, 60, 10).tolist()) for _ in range(60)]
    assert np.mean(ordered) > np.mean(plain) + 0.03


def test_times_in_ns_cost_no_more() -> None:
    spans = label_spans(np.arange(50) * 10**12 + 10**13, np.arange(50) * 10**12)
    drawn = sequential_bootstrap(spans, np.random.default_rng(3))
    assert len(drawn) == 50
    assert set(drawn.tolist()) <= set(range(50))
    again = sequential_bootstrap(spans, np.random.default_rng(3))
    assert drawn.tolist() == again.tolist()


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="drawn labels 0 to 2, found 3 to 3"):
        draw_probabilities(BOOK, [3])
    with pytest.raises(CallerError, match="size of 0 or more"):
        sequential_bootstrap(BOOK, np.random.default_rng(4), size=-1)
