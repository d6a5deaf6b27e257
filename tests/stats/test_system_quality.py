"""Expected: by hand. Tolerance 1e-12 relative."""

from math import isnan, sqrt

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats import (
    r_multiples,
    system_quality_band,
    system_quality_number,
    tharp_quality_number,
)


def test_by_hand() -> None:
    # Mean 0.5, squares 0.25 + 2.25 + 2.25 + 0.25 over 3: deviation sqrt(5 / 3).
    expected = sqrt(4) * 0.5 / sqrt(5 / 3)
    assert system_quality_number([1.0, -1.0, 2.0, 0.0]) == pytest.approx(expected, rel=1e-12)


def test_the_cap_counts_a_hundred_trades_at_most() -> None:
    multiples = np.tile([1.0, -1.0, 2.0, 0.0], 100)
    plain, capped = system_quality_number(multiples), tharp_quality_number(multiples)
    assert plain == pytest.approx(2.0 * capped, rel=1e-12)
    assert tharp_quality_number(multiples[:80]) == system_quality_number(multiples[:80])


def test_multiples_undo_the_size_of_the_risk() -> None:
    risks = np.array([100.0, 20.0, 50.0])
    results = np.array([2.0, -1.0, 0.5]) * risks
    assert r_multiples(results, risks).tolist() == [2.0, -1.0, 0.5]
    with pytest.raises(CallerError, match="at index 1"):
        r_multiples([1.0, 2.0], [1.0, 0.0])
    with pytest.raises(CallerError, match="expected 2 risks, found 1"):
        r_multiples([1.0, 2.0], [1.0])


def test_undefined_is_nan() -> None:
    assert isnan(system_quality_number([1.0]))
    assert isnan(system_quality_number([0.1, 0.1, 0.1]))
    assert system_quality_number(np.array([[1.0, 0.1], [2.0, 0.1]])).shape == (2,)


def test_bands_leave_no_gap() -> None:
    values = [-1.0, 1.59, 1.6, 1.95, 2.0, 2.45, 2.5, 2.99, 3.0, 5.05, 5.1, 6.99, 7.0, float("nan")]
    names = ["hard to trade", "below average", "average", "good", "excellent", "superb"]
    expected = [name for name in names for _ in range(2)] + ["holy grail", "undefined"]
    assert [system_quality_band(value) for value in values] == expected
