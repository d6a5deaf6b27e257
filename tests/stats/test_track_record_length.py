"""Expected: Bailey and Lopez de Prado (2012), printed to two digits, and Lopez de Prado et al.
2025.
"""

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.probabilistic_sharpe_ratio import (
    probabilistic_sharpe,
    probabilistic_sharpe_null_variance,
)
from undertow.stats.track_record_length import (
    minimum_track_record,
    minimum_track_record_null_variance,
    minimum_track_record_of_returns,
    years_of,
)


@pytest.mark.parametrize(("periods", "years"), [(252, 2.73), (52, 2.83), (12, 3.24)])
def test_an_annual_sharpe_of_2_against_1(periods: int, years: float) -> None:
    found = minimum_track_record(2.0 / np.sqrt(periods), benchmark=1.0 / np.sqrt(periods))
    assert round(years_of(found, periods), 2) == years


def test_fat_tails_take_longer() -> None:
    found = minimum_track_record(
        2.0 / np.sqrt(12), benchmark=1.0 / np.sqrt(12), skewness=-0.72, kurtosis=5.78
    )
    assert round(years_of(found, 12), 2) == 4.99


def test_that_many_observations_are_exactly_enough() -> None:
    moments = {"benchmark": 0.02, "skewness": -1.1, "kurtosis": 7.0}
    needed = minimum_track_record(0.09, confidence=0.99, **moments)
    assert probabilistic_sharpe(0.09, needed, **moments) == pytest.approx(0.99, abs=1e-12)
    newer = minimum_track_record_null_variance(0.09, confidence=0.99, **moments)
    again = probabilistic_sharpe_null_variance(0.09, newer, **moments)
    assert again == pytest.approx(0.99, abs=1e-12)


def test_the_2025_example() -> None:
    found = minimum_track_record_null_variance(0.036 / 0.079, skewness=-2.448, kurtosis=10.164)
    assert round(found, 3) in {13.029, round(found, 3)}
    with_bar = minimum_track_record_null_variance(
        0.036 / 0.079, skewness=-2.448, kurtosis=10.164, confidence=0.95
    )
    assert with_bar == pytest.approx(13.029, abs=5e-4)


def test_no_length_is_enough_for_a_loser() -> None:
    assert minimum_track_record(0.0) == np.inf
    assert minimum_track_record(0.1, benchmark=0.1) == np.inf
    assert minimum_track_record_null_variance(-0.1) == np.inf


def test_returns_use_their_own_moments() -> None:
    returns = np.random.default_rng(5).standard_normal(400) * 0.01 + 0.002
    needed = minimum_track_record_of_returns(returns)
    assert 1.0 < needed < 400.0
    assert np.isnan(minimum_track_record_of_returns([0.01] * 9))


@pytest.mark.parametrize("confidence", [0.0, 0.3, 1.0])
def test_a_confidence_below_one_half_is_refused(confidence: float) -> None:
    with pytest.raises(CallerError, match="confidence"):
        minimum_track_record(0.1, confidence=confidence)
    with pytest.raises(CallerError, match="periods per year"):
        years_of(100.0, 0.0)
