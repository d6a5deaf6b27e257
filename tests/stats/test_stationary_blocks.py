"""Expected: the definition row by row, and the frequencies it promises."""

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.stats.stationary_blocks import stationary_places


def test_a_row_follows_its_neighbour_or_starts_a_block() -> None:
    places = stationary_places(50, (200, 400), 8.0, np.random.default_rng(1))
    assert places.shape == (200, 400)
    follows = np.diff(places, axis=1) % 50 == 1
    assert follows.mean() == pytest.approx(1.0 - 1.0 / 8.0 * (1.0 - 1.0 / 50.0), abs=0.004)


def test_every_row_is_as_likely() -> None:
    places = stationary_places(20, (2000, 100), 5.0, np.random.default_rng(2))
    counts = np.bincount(places.ravel(), minlength=20)
    assert counts / counts.sum() == pytest.approx(np.full(20, 0.05), abs=0.003)


def test_blocks_of_one_are_plain_draws_and_endless_blocks_go_round() -> None:
    plain = stationary_places(1000, (1, 5000), 1.0, np.random.default_rng(3))
    assert np.mean(np.diff(plain[0]) % 1000 == 1) < 0.005
    assert stationary_places(1, (2, 3), 1.0, np.random.default_rng(4)).tolist() == [[0] * 3] * 2


@pytest.mark.parametrize("block", [0.5, 11.0, np.nan])
def test_an_impossible_block_is_refused(block: float) -> None:
    with pytest.raises(CallerError, match="mean block of 1 to 10 rows"):
        stationary_places(10, (2, 3), block, np.random.default_rng(5))
