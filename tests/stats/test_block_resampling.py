"""Expected: what each scheme promises: frequencies, neighbours, mean block lengths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import CallerError
from undertow.stats import (
    circular_block_indices,
    independent_indices,
    moving_block_indices,
    resample_indices,
    stationary_indices,
)
from undertow.stats.block_resampling import Scheme


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_circular_blocks_are_neighbours_on_a_circle() -> None:
    found = circular_block_indices(10, 500, generator(), block=4)
    assert found.shape == (10, 500)
    for start in (0, 4):
        assert (np.diff(found[start : start + 4], axis=0) % 10 == 1).all()
    assert np.bincount(found.ravel()).tolist() == pytest.approx([500] * 10, rel=0.2)


def test_moving_blocks_end_inside() -> None:
    found = moving_block_indices(10, 500, generator(), block=4)
    assert (np.diff(found[:4], axis=0) == 1).all()
    counts = np.bincount(found.ravel())
    assert counts[0] < 0.5 * counts[5]  # the ends are drawn less often


def test_stationary_blocks_have_their_mean_length() -> None:
    found = stationary_indices(2_000, 50, generator(), mean_block=5.0)
    breaks = np.mean(np.diff(found, axis=0) % 2_000 != 1)
    # One in 5 starts anew, of which one in 2,000 lands on the neighbour by chance.
    assert breaks == pytest.approx(0.2, rel=0.03)
    assert np.bincount(found.ravel()).std() / 50 < 1.0


def test_independent_draws_every_observation_alike() -> None:
    counts = np.bincount(independent_indices(10, 5_000, generator()).ravel())
    assert counts.tolist() == pytest.approx([5_000] * 10, rel=0.06)


def test_a_block_of_one_is_independent_and_a_whole_block_a_rotation() -> None:
    assert (stationary_indices(50, 3, generator(), mean_block=1.0) < 50).all()
    found = circular_block_indices(7, 20, generator(), block=7)
    assert (np.diff(found, axis=0) % 7 == 1).all()


@given(
    st.sampled_from(["independent", "moving", "circular", "stationary"]),
    st.integers(1, 40),
    st.integers(1, 8),
    st.floats(1.0, 60.0),
)
def test_shape_and_seed(scheme: Scheme, count: int, resamples: int, block: float) -> None:
    one, two = (
        resample_indices(count, resamples, generator(5), scheme=scheme, block=block)
        for _ in range(2)
    )
    assert one.shape == (count, resamples)
    assert ((one >= 0) & (one < count)).all()
    assert (one == two).all()


def test_bad_input_is_refused() -> None:
    with pytest.raises(CallerError, match="expected one of independent, moving"):
        resample_indices(5, 5, generator(), scheme="iid")  # type: ignore[arg-type]
    with pytest.raises(CallerError, match="block of 1 to 5 observations, found 6"):
        circular_block_indices(5, 5, generator(), block=6)
    with pytest.raises(CallerError, match="found nan"):
        stationary_indices(5, 5, generator(), mean_block=float("nan"))
    with pytest.raises(CallerError, match="observations and resamples"):
        independent_indices(0, 5, generator())
