"""Expected: truths by arithmetic where the law gives them; the share held is a share."""

import numpy as np
import pytest

from undertow.backtest.honesty.interval_coverage import DEVIATION, MEAN, coverage, truths


def test_truths_of_the_normal_law() -> None:
    known = truths("normal")
    assert known["Sharpe"] == MEAN / DEVIATION
    assert known["mean"] == MEAN
    assert known["CAGR"] == pytest.approx(np.expm1(MEAN - DEVIATION**2 / 2), abs=1e-4)
    assert known["profit factor"] == pytest.approx(1.285, abs=0.01)


def test_every_interval_is_asked_once_a_sample() -> None:
    found = coverage("normal", 60, 3, np.random.default_rng(1))
    assert {*truths("normal"), "max drawdown"} == found.keys()
    for held in found.values():
        assert held.count == 3
        assert held.total in (0.0, 1.0, 2.0, 3.0)
    assert sum(held.total for held in found.values()) >= 15
