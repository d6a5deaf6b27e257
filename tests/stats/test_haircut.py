"""Expected: the definition worked with scipy.stats' t distribution."""

import numpy as np
import pytest
from scipy.stats import t as student

from undertow.domain.errors import CallerError
from undertow.stats.haircut import sharpe_haircut, sharpe_haircut_among, sharpe_haircuts_of_family


@pytest.mark.parametrize(("sharpe", "trials"), [(1.0, 1), (0.75, 10), (2.0, 200), (0.3, 50)])
def test_it_is_its_definition(sharpe: float, trials: int) -> None:
    score = sharpe / np.sqrt(12) * np.sqrt(240)
    p_value = 2.0 * student.sf(score, 239)
    adjusted = min(1.0, trials * p_value)
    expected = student.isf(adjusted / 2.0, 239) / np.sqrt(240) * np.sqrt(12)
    found = sharpe_haircut(sharpe, 240, trials=trials)
    assert found.p_value == pytest.approx(p_value, rel=1e-6, abs=1e-14)
    assert found.adjusted_p_value == pytest.approx(adjusted, rel=1e-6)
    assert found.sharpe == pytest.approx(max(expected, 0.0), abs=1e-6)
    assert found.haircut == pytest.approx(1.0 - expected / sharpe, abs=1e-6)


def test_one_trial_cuts_nothing() -> None:
    found = sharpe_haircut(1.3, 120, trials=1)
    assert found.sharpe == pytest.approx(1.3)
    assert found.haircut == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("loser", [-1.0, -5.0, 0.0])
def test_a_loser_keeps_its_sign(loser: float) -> None:
    found = sharpe_haircut(loser, 240, trials=3)
    assert found.adjusted_p_value == 1.0
    assert found.sharpe == 0.0
    assert np.isnan(found.haircut)


def test_a_family_by_name() -> None:
    sharpes = [1.4, 0.4, 0.9]
    plain = sharpe_haircuts_of_family(sharpes, 120, correction="bonferroni")
    assert plain[0] == pytest.approx(sharpe_haircut(1.4, 120, trials=3))
    stepped = sharpe_haircuts_of_family(sharpes, 120, correction="holm")
    assert stepped[0].sharpe == pytest.approx(plain[0].sharpe)
    assert stepped[2].sharpe > plain[2].sharpe
    assert all(one.sharpe <= before for one, before in zip(stepped, sharpes, strict=True))


def test_one_among_given_p_values() -> None:
    family = sharpe_haircuts_of_family([1.4, 0.4, 0.9], 120, correction="benjamini_yekutieli")
    others = [one.p_value for one in family[1:]]
    found = sharpe_haircut_among(1.4, 120, others, correction="benjamini_yekutieli")
    assert found == pytest.approx(family[0])
    assert sharpe_haircut_among(1.4, 120, []).sharpe == pytest.approx(1.4)


def test_wrong_input_is_refused() -> None:
    with pytest.raises(CallerError, match="at least 2 observations"):
        sharpe_haircut(1.0, 1, trials=1)
    with pytest.raises(CallerError, match="at least 1 trial"):
        sharpe_haircut(1.0, 12, trials=0)
