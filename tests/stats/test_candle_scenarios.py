"""Expected: what a candle must hold, shapes worked by hand, sizes of noise from many draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from undertow.domain.errors import CallerError
from undertow.stats import noisy_candles, resampled_candles


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def market(count: int, seed: int = 1) -> NDArray[np.float64]:
    rng = generator(seed)
    closes = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, count)))
    opens = np.concatenate(([100.0], closes[:-1])) * np.exp(rng.normal(0.0, 0.001, count))
    top = np.maximum(opens, closes) * np.exp(rng.exponential(0.004, count))
    bottom = np.minimum(opens, closes) * np.exp(-rng.exponential(0.004, count))
    return np.column_stack([opens, top, bottom, closes])


def is_consistent(candles: NDArray[np.float64]) -> bool:
    opens, highs, lows, closes = candles.T
    inside = (lows <= np.minimum(opens, closes)) & (highs >= np.maximum(opens, closes))
    return bool((inside & (lows > 0.0)).all())


@given(st.integers(0, 60), st.floats(0.0, 2.0), st.integers(0, 10))
def test_candles_stay_candles(count: int, strength: float, seed: int) -> None:
    candles = market(count, seed)
    noisy = noisy_candles(candles, generator(seed), strength=strength)
    again = resampled_candles(candles, generator(seed), mean_block=4.0)
    assert noisy.shape == again.candles.shape == (count, 4)
    assert is_consistent(noisy)
    assert is_consistent(again.candles)


def test_the_size_of_the_noise() -> None:
    candles = market(5_000)
    noisy = noisy_candles(candles, generator(), strength=0.2)
    expected = 0.2 * np.mean(np.log(candles[:, 1] / candles[:, 2]))
    moved = np.log(noisy[:, 3] / candles[:, 3])
    assert moved.std() == pytest.approx(expected, rel=0.05)
    assert abs(moved[-1]) < 5 * expected  # it does not add up
    # Gaps between candles are as they were.
    gaps = [np.log(table[1:, 0] / table[:-1, 3]) for table in (candles, noisy)]
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-12)


def test_no_noise_changes_nothing() -> None:
    candles = market(50)
    assert noisy_candles(candles, generator(), strength=0.0) == pytest.approx(candles, rel=1e-12)


def test_resampled_candles_keep_their_shapes() -> None:
    candles = market(400)
    found, places = resampled_candles(candles, generator(), mean_block=10.0)
    shapes = np.log(candles / candles[:, [0]])
    assert np.log(found / found[:, [0]]) == pytest.approx(shapes[places], abs=1e-12)
    assert found[0, 0] == pytest.approx(candles[0, 0])
    followed = np.flatnonzero(np.diff(places) == 1)
    assert len(followed) == pytest.approx(360, abs=25)
    gaps = np.log(candles[1:, 0] / candles[:-1, 3])
    new_gaps = np.log(found[1:, 0] / found[:-1, 3])
    joined = followed[places[followed + 1] > 0]
    assert new_gaps[joined] == pytest.approx(gaps[places[joined + 1] - 1], abs=1e-12)


def test_the_default_block_follows_the_clustering_of_volatility() -> None:
    rng = generator(3)
    quiet = market(600, 5)
    wild = np.exp(np.log(quiet) * 1.0)
    wild[:, 3] = wild[:, 0] * np.exp(rng.normal(0.0, 0.01, 600) * np.repeat([0.2, 3.0], 300))
    wild[:, 1], wild[:, 2] = wild.max(axis=1), wild.min(axis=1)

    def runs(candles: NDArray[np.float64]) -> int:
        return int(np.sum(np.diff(resampled_candles(candles, generator()).places) == 1))

    assert runs(wild) > runs(quiet)


def test_the_seed_decides() -> None:
    candles = market(30)
    one, two = (noisy_candles(candles, generator(7)) for _ in range(2))
    assert (one == two).all()
    assert resampled_candles(np.zeros((0, 4)), generator()).candles.shape == (0, 4)


def test_bad_candles_are_refused_with_their_place() -> None:
    candles = market(5)
    candles[3, 1] = candles[3, 2] / 2
    with pytest.raises(CallerError, match="at index 3"):
        noisy_candles(candles, generator())
    candles[1, 2] = np.nan
    with pytest.raises(CallerError, match="at index 1"):
        resampled_candles(candles, generator())
    with pytest.raises(CallerError, match=r"shape \(n, 4\)"):
        noisy_candles(np.ones((3, 5)), generator())
    with pytest.raises(CallerError, match="strength not below 0"):
        noisy_candles(candles, generator(), strength=-1.0)
