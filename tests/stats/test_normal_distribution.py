"""Expected: scipy.stats.norm and printed tables."""

import numpy as np
import pytest
from scipy.stats import norm

from undertow.stats.normal_distribution import normal_cdf, normal_quantile


@pytest.mark.parametrize("value", [-30.0, -3.0, -0.5, 0.0, 1.2, 8.0])
def test_it_agrees_with_scipy(value: float) -> None:
    assert normal_cdf(value) == pytest.approx(float(norm.cdf(value)), rel=1e-12)


def test_the_quantile_undoes_it() -> None:
    for probability in (1e-12, 0.025, 0.5, 0.95, 0.999):
        found = normal_quantile(probability)
        assert found == pytest.approx(float(norm.ppf(probability)), rel=1e-12, abs=1e-15)
        assert normal_cdf(found) == pytest.approx(probability, rel=1e-10)


def test_edges() -> None:
    assert normal_quantile(0.0) == -np.inf
    assert normal_quantile(1.0) == np.inf
    assert np.isnan(normal_quantile(1.5))
    assert np.isnan(normal_cdf(np.nan))
    assert normal_quantile(0.95) == pytest.approx(1.6448536)
