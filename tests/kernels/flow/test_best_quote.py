"""OFI of best-level changes against the formula, and what is served."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.kernels.flow.best_quote import quote_flow, serve_best, serve_quote
from undertow.kernels.flow.layout import FROM_BOOK, FROM_NOTHING, FROM_QUOTE, INSTRUMENT

Best = tuple[int, int, int, int]
BESTS = st.tuples(st.integers(98, 102), st.integers(0, 5), st.integers(103, 107), st.integers(0, 5))


def with_best(best: Best) -> np.void:
    one: np.void = np.zeros(1, INSTRUMENT)[0]
    serve_best(one, FROM_BOOK, *best)
    return one


def formula(old: Best, new: Best) -> int:
    """Cont, Kukanov & Stoikov (2014), eq. 3, with indicator brackets."""
    bid = (new[0] >= old[0]) * new[1] - (new[0] <= old[0]) * old[1]
    ask = -(new[2] <= old[2]) * new[3] + (new[2] >= old[2]) * old[3]
    return bid + ask


@given(BESTS, BESTS)
@settings(deadline=None)
def test_flow_equals_the_formula(old: Best, new: Best) -> None:
    assert quote_flow(with_best(old), *new) == formula(old, new)
    assert serve_best(with_best(old), FROM_BOOK, *new) == formula(old, new)


def test_a_change_of_size_at_the_same_price_counts() -> None:
    assert quote_flow(with_best((100, 5, 101, 5)), 100, 8, 101, 4) == 3 + 1


def test_changing_between_book_and_quote_is_no_flow() -> None:
    one = with_best((100, 5, 101, 5))
    assert serve_best(one, FROM_QUOTE, 100, 50, 101, 5) == 0
    assert serve_best(one, FROM_QUOTE, 100, 51, 101, 5) == 1


def test_an_empty_side_is_no_flow() -> None:
    one = with_best((100, 5, 101, 5))
    assert serve_best(one, FROM_BOOK, 0, 0, 101, 5) == 0
    assert serve_best(one, FROM_BOOK, 100, 9, 101, 5) == 0


def test_the_quote_is_served_when_there_is_one() -> None:
    one = with_best((100, 5, 101, 5))
    one["quote_bid_ticks"], one["quote_ask_ticks"], one["has_quote"] = 99, 102, 1
    serve_quote(one)
    assert (one["bid_ticks"], one["ask_ticks"], one["best_from"]) == (99, 102, FROM_QUOTE)
    one["has_quote"] = 0
    serve_quote(one)
    assert (one["bid_ticks"], one["ask_ticks"], one["best_from"]) == (0, 0, FROM_NOTHING)
