"""Expected: arch where it is right, resamples worked one by one, and seeded error rates and power.

arch 8.0 is no oracle for the studentised test: its SPA accepts `studentize` and never divides.
"""

import numpy as np
import pytest
from arch.bootstrap import MCS, SPA
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats.long_run_variance import prewhitened_mean_errors
from undertow.stats.reality_check import (
    model_confidence_set,
    step_m,
    superior_predictive_ability,
    white_reality_check,
)


def test_the_reality_check_agrees_with_arch() -> None:
    table = _noise(51, 300, 20)
    table[:, 4] += 0.1
    found = white_reality_check(table, _rng(1), mean_block=6.0, resamples=1999)
    theirs = SPA(np.zeros(300), -table, block_size=6, reps=1999, studentize=False, seed=2)
    theirs.compute()
    assert found.p_value == pytest.approx(float(theirs.pvalues["upper"]), abs=0.04)
    assert found.statistic == pytest.approx(np.sqrt(300) * table.mean(axis=0).max())
    assert found.best == int(table.mean(axis=0).argmax())


def test_a_benchmark_is_taken_off() -> None:
    table, market = _noise(52, 100, 5), _noise(53, 100, 1)[:, 0]
    found = white_reality_check(table + market[:, None], _rng(1), benchmark=market, resamples=99)
    assert found == pytest.approx(white_reality_check(table, _rng(1), resamples=99))
    with pytest.raises(CallerError, match="each of 100 periods, found 0"):
        white_reality_check(table, _rng(1), benchmark=[])


def test_superior_ability_is_its_definition() -> None:
    table = _noise(54, 60, 7)
    table[:, 2] -= 0.6
    found = superior_predictive_ability(table, _rng(3), block=4, resamples=999)
    errors = prewhitened_mean_errors(table)
    means = table.mean(axis=0)
    statistic = max((means / errors).max(), 0.0)
    poor = means < -errors * np.sqrt(2.0 * np.log(np.log(60)))
    assert poor.any()
    consistent = np.where(poor, 0.0, means)
    reached = {"lower": 0, "consistent": 0, "upper": 0}
    centres = {"lower": np.maximum(means, 0.0), "consistent": consistent, "upper": means}
    for starts in _rng(3).integers(0, 60, (999, 15)):
        places = (starts[:, None] + np.arange(4)).ravel() % 60
        drawn = table[places]
        parts = drawn.reshape(15, 4, 7).mean(axis=1)
        error = np.sqrt(4.0 * ((parts - drawn.mean(axis=0)) ** 2).mean(axis=0) / 59.0)
        for name, centre in centres.items():
            score = max(((drawn.mean(axis=0) - centre) / error).max(), 0.0)
            reached[name] += score >= statistic
    assert found.statistic == pytest.approx(statistic)
    assert found.best == int((means / errors).argmax())
    assert found.lower == (reached["lower"] + 1) / 1000
    assert found.consistent == (reached["consistent"] + 1) / 1000
    assert found.upper == (reached["upper"] + 1) / 1000


def test_scale_does_not_matter_to_the_studentised_test() -> None:
    table = _noise(55, 200, 6)
    scaled = table * np.array([1.0, 100.0, 1.0, 0.01, 1.0, 1.0])
    one = superior_predictive_ability(table, _rng(4), resamples=199)
    two = superior_predictive_ability(scaled, _rng(4), resamples=199)
    assert two == pytest.approx(one)


def test_adjusted_p_values_step_down() -> None:
    table = _noise(56, 250, 10)
    table[:, [3, 7]] += np.array([0.5, 0.3])
    found = step_m(table, _rng(5), resamples=499)
    whole = superior_predictive_ability(table, _rng(5), resamples=499)
    assert found[3] == found.min() == whole.upper
    assert set(np.flatnonzero(found <= 0.05)) == {3, 7}
    order = np.argsort(-(table.mean(axis=0) / prewhitened_mean_errors(table)))
    assert (np.diff(found[order]) >= 0.0).all()


def test_portions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = _noise(57, 80, 9)
    whole = step_m(table, _rng(6), resamples=99), white_reality_check(table, _rng(6), resamples=99)
    monkeypatch.setattr("undertow.stats.reality_check._CELLS", 200)
    parts = step_m(table, _rng(6), resamples=99), white_reality_check(table, _rng(6), resamples=99)
    assert parts[0] == pytest.approx(whole[0])
    assert parts[1] == pytest.approx(whole[1])


def test_the_error_rates_on_correlated_noise() -> None:
    """AR 0.2, 200 periods, 20 strategies, 100 samples at 5 %: deviation 2.2 %."""
    rng = _rng(58)
    hits = np.zeros(3, dtype=int)
    for _ in range(100):
        noise = rng.standard_normal((220, 20))
        for row in range(1, 220):
            noise[row] += 0.2 * noise[row - 1]
        table = noise[20:]
        hits[0] += superior_predictive_ability(table, rng, resamples=99).consistent <= 0.05
        hits[1] += float(step_m(table, rng, resamples=99).min()) <= 0.05
        hits[2] += white_reality_check(table, rng, resamples=99).p_value <= 0.05
    assert (hits[:2] <= 11).all()
    assert (hits >= 1).all()
    assert hits[2] <= 15  # not studentised, it rejects somewhat too often here


def test_a_planted_edge_is_found() -> None:
    table = _noise(59, 750, 200)
    table[:, 17] += 0.25
    assert white_reality_check(table, _rng(7)).p_value <= 0.01
    found = superior_predictive_ability(table, _rng(7))
    assert found.best == 17
    assert found.lower <= found.consistent <= found.upper <= 0.01
    assert np.flatnonzero(step_m(table, _rng(7)) <= 0.05).tolist() == [17]


def test_columns_that_never_trade_are_left_out() -> None:
    table = np.hstack([np.zeros((60, 1)), _noise(60, 60, 2)])
    adjusted = step_m(table, _rng(8), resamples=99)
    assert np.isnan(adjusted).tolist() == [True, False, False]
    assert superior_predictive_ability(table, _rng(8), resamples=99).best in {1, 2}
    nothing = superior_predictive_ability(np.zeros((60, 2)), _rng(8), resamples=99)
    assert np.isnan([nothing.statistic, nothing.consistent]).all()
    assert np.isnan(step_m(np.zeros((60, 2)), _rng(8), resamples=99)).all()


def test_nobody_above_the_benchmark_is_no_evidence() -> None:
    found = superior_predictive_ability(_noise(61, 100, 3) - 2.0, _rng(9), resamples=99)
    assert found.statistic == 0.0
    assert found.consistent == 1.0


def test_the_confidence_set_is_arch_s_and_drops_the_worse() -> None:
    table = _noise(62, 200, 4)
    table[:, 1] += 1.0
    found = model_confidence_set(table, _rng(10), mean_block=3.0, resamples=199)
    theirs = MCS(-table, 0.05, reps=199, block_size=3, seed=_rng(10))
    theirs.compute()
    assert found.tolist() == list(theirs.included) == [1]
    assert len(model_confidence_set(_noise(63, 200, 4), _rng(11), resamples=199)) >= 3


def test_five_resamples_are_not_a_test() -> None:
    """Another engine's luck test runs five."""
    table = _noise(64, 50, 3)
    for test in (white_reality_check, superior_predictive_ability, step_m, model_confidence_set):
        with pytest.raises(CallerError, match="at least 99 resamples, found 5"):
            test(table, _rng(12), resamples=5)


def test_wrong_input_is_refused() -> None:
    table = _noise(65, 50, 3)
    with pytest.raises(CallerError, match="block of 1 to 25 rows, found 26"):
        step_m(table, _rng(13), block=26)
    with pytest.raises(CallerError, match="block of 1 to 50"):
        white_reality_check(table, _rng(13), mean_block=0.0)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _noise(seed: int, rows: int, columns: int) -> NDArray[np.float64]:
    return _rng(seed).standard_normal((rows, columns))
