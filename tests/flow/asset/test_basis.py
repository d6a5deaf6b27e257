"""Basis, its score, and the yearly figure of dated contracts."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.basis import annualised_basis, basis

Make = Callable[..., Any]


def test_the_last_minute_against_those_before(make_series: Make) -> None:
    values = np.random.default_rng(2).normal(3.0, 1.0, 300)
    values[-1] = 9.0
    venues = {"alpha": values + 1.0, "beta": np.full(300, np.nan)}
    found = basis(make_series(np.ones(300), basis_bps=values, basis_by_venue=venues))
    past = values[-241:-1]
    middle = np.median(past)
    wanted = 0.6745 * (9.0 - middle) / np.median(np.abs(past - middle))
    assert found.basis_bps == 9.0
    assert found.z_score == pytest.approx(wanted)
    assert found.by_venue == {"alpha": 10.0}
    assert (found.is_wide, found.is_sufficient) == (False, True)


def test_two_per_cent_are_wide_either_way(make_series: Make) -> None:
    for bps in (200.0, -200.0):
        found = basis(make_series(np.ones(70), basis_bps=np.full(70, bps)))
        assert found.is_wide
        assert isnan(found.z_score)


def test_without_both_kinds_or_a_past_there_is_no_score(make_series: Make) -> None:
    nobody = basis(make_series(np.ones(100)))
    assert (nobody.is_sufficient, isnan(nobody.basis_bps)) == (False, True)
    short = basis(make_series(np.ones(50), basis_bps=np.arange(50.0)))
    assert (short.basis_bps, isnan(short.z_score)) == (49.0, True)
    assert short.shortfall is not None
    assert short.shortfall.found == 49
    assert not basis(make_series([])).is_sufficient
    with pytest.raises(CallerError, match="history of at least 60"):
        basis(make_series([]), history=5)


def test_only_a_date_annualises() -> None:
    assert annualised_basis(100.0, 73.0) == pytest.approx(0.05)
    assert isnan(annualised_basis(100.0, 0.0))
