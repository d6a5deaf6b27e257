from math import isnan

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.pearson import correlation


@pytest.mark.parametrize("count", [2, 3, 50, 2_000])
def test_as_numpy_has_it(count: int) -> None:
    rng = np.random.default_rng(count)
    one = rng.normal(size=count)
    two = one + rng.normal(size=count)
    assert correlation(one, two) == pytest.approx(np.corrcoef(one, two)[0, 1], abs=1e-12)
    assert correlation(1e6 + one, -two) == pytest.approx(-correlation(one, two), abs=1e-9)


def test_never_beyond_one() -> None:
    one = np.random.default_rng(0).normal(size=99)
    assert correlation(one, one) <= 1.0
    assert correlation(one, -3.0 * one) >= -1.0


def test_unknown_where_nothing_varies_or_is_known() -> None:
    for one, two in (([1.0, 1.0], [1.0, 2.0]), ([1.0], [2.0]), ([], []), ([1.0, np.nan], [1, 2])):
        assert isnan(correlation(one, two))


def test_columns_of_two_lengths_are_refused() -> None:
    with pytest.raises(CallerError, match="found 2 and 3"):
        correlation([1, 2], [1, 2, 3])
