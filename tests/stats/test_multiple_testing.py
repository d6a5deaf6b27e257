"""Expected: statsmodels' multipletests, and the error rates the corrections promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from undertow.domain.errors import CallerError
from undertow.stats.multiple_testing import (
    Correction,
    adjusted_across_families,
    adjusted_p_values,
    adjusted_within_families,
    benjamini_hochberg,
    bonferroni,
    holm,
)

NAMES: list[tuple[Correction, str]] = [
    ("bonferroni", "bonferroni"),
    ("holm", "holm"),
    ("benjamini_hochberg", "fdr_bh"),
    ("benjamini_yekutieli", "fdr_by"),
]


@pytest.mark.parametrize(("ours", "theirs"), NAMES)
@given(p_values=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_it_agrees_with_statsmodels(ours: Correction, theirs: str, p_values: list[float]) -> None:
    expected = multipletests(p_values, method=theirs)[1]
    assert adjusted_p_values(p_values, ours) == pytest.approx(expected, abs=1e-12)


def test_by_hand() -> None:
    p_values = [0.04, 0.01, 0.03]
    assert bonferroni(p_values) == pytest.approx([0.12, 0.03, 0.09])
    assert holm(p_values) == pytest.approx([0.06, 0.03, 0.06])
    assert benjamini_hochberg(p_values) == pytest.approx([0.04, 0.03, 0.04])


def test_families_jointly_and_apart() -> None:
    families = {"trend": [0.01, 0.20], "reversion": [0.02]}
    joint = adjusted_across_families(families, "bonferroni")
    assert list(joint) == ["trend", "reversion"]
    assert joint["trend"] == pytest.approx([0.03, 0.60])
    assert joint["reversion"] == pytest.approx([0.06])
    apart = adjusted_within_families(families, "bonferroni")
    assert apart["trend"] == pytest.approx([0.02, 0.40])
    assert apart["reversion"] == pytest.approx([0.02])
    assert adjusted_across_families({}) == {}


def test_none_in_none_out() -> None:
    assert len(adjusted_p_values([])) == 0


def test_holm_holds_its_level_on_noise() -> None:
    rng = np.random.default_rng(12)
    hits = sum(holm(row).min() <= 0.05 for row in rng.random((2000, 20)))
    assert 70 <= hits <= 130  # 5 % of 2,000, three deviations each side


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="p-values of 0 to 1"):
        holm([0.1, 1.2])
    with pytest.raises(CallerError, match="found nan at index 1"):
        holm([0.1, np.nan])
    with pytest.raises(CallerError, match="expected one of bonferroni"):
        adjusted_p_values([0.1], "sidak")  # type: ignore[arg-type]
