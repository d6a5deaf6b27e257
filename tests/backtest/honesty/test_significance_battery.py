"""Expected: an edge that nobody can miss is seen, its mirror image by no one-sided test; p-values
that are the same by definition agree.
"""

import numpy as np

from undertow.backtest.honesty.noise_sample import noise_sample
from undertow.backtest.honesty.significance_battery import (
    FAMILY,
    WORDS,
    family_p_values,
    is_long_enough,
    overfitting,
    pair_p_values,
    single_p_values,
)

NONE = np.empty(0)


def test_every_test_sees_a_great_edge() -> None:
    rng = np.random.default_rng(1)
    sample = noise_sample("fat tails", 730, rng, NONE, sharpe=8.0)
    found = {**single_p_values(sample, rng), **pair_p_values(sample, rng)}
    families = family_p_values(sample, rng)
    assert {**found, **families}.keys() == WORDS.keys()
    assert max(found.values()) < 0.01
    assert max(float(values[0]) for values in families.values()) < 0.01
    assert overfitting(sample) < 0.05
    assert is_long_enough(sample, 0.95)


def test_no_one_sided_test_takes_a_loss_for_an_edge() -> None:
    rng = np.random.default_rng(2)
    sample = noise_sample("fat tails", 730, rng, NONE, sharpe=-8.0)
    assert min(single_p_values(sample, rng).values()) > 0.95
    assert not is_long_enough(sample, 0.95)


def test_corrections_are_no_milder_than_what_they_correct() -> None:
    rng = np.random.default_rng(3)
    sample = noise_sample("normal", 365, rng, NONE)
    found = family_p_values(sample, rng)
    plain = found["naive"]
    assert plain.shape == (FAMILY,)
    assert np.allclose(found["bonferroni"], np.minimum(1.0, FAMILY * plain))
    assert (found["holm"] <= found["bonferroni"]).all()
    assert (found["bh"] <= found["holm"] + 1e-12).all()
    assert (found["bh"] >= plain).all()


def test_the_least_record_is_long_enough_when_the_ratio_is_probable() -> None:
    said = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        sample = noise_sample("normal", 365, rng, NONE, sharpe=1.7)
        probable = single_p_values(sample, rng)["psr"] <= 0.05
        assert is_long_enough(sample, 0.95) == probable
        said.append(probable)
    assert len(set(said)) == 2
