"""Expected: by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats.out_of_sample import out_of_sample_split


def test_by_hand() -> None:
    assert out_of_sample_split(100) == (75, 75, 100)
    assert out_of_sample_split(100, share=0.3) == (70, 70, 100)
    assert out_of_sample_split(101, share=0.2, gap=5) == (75, 80, 101)


@given(st.integers(20, 10**15), st.floats(0.2, 0.3))
def test_at_least_the_share_is_reserved(length: int, share: float) -> None:
    found = out_of_sample_split(length, share=share)
    assert (length - found.out_of_sample_start) / length >= share - 1e-9
    assert found.in_sample_stop == found.out_of_sample_start


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="a share between 0 and 1"):
        out_of_sample_split(100, share=25.0)
    with pytest.raises(CallerError, match="gap of 0 or more"):
        out_of_sample_split(4, share=0.5, gap=2)
