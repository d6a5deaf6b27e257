import numpy as np

from undertow.kernels.synthetic.price_path import follow_target


def test_the_loop_is_the_recursion_step_by_step() -> None:
    rng = np.random.default_rng(3)
    target, noise = rng.standard_normal((40, 5)), 0.1 * rng.standard_normal((40, 5))
    share = rng.uniform(0.05, 0.9, 5)
    price, path = np.zeros(5), np.empty((40, 5))
    follow_target(target, noise, share, price, path)
    slow = np.zeros(5)
    for step in range(40):
        slow = slow + share * (target[step] - slow) + noise[step]
        assert np.array_equal(path[step], slow)
    assert np.array_equal(price, slow)


def test_blocks_join_on() -> None:
    rng = np.random.default_rng(4)
    target, noise = rng.standard_normal((40, 2)), rng.standard_normal((40, 2))
    share = np.array([0.3, 0.6])
    whole, whole_path = np.zeros(2), np.empty((40, 2))
    follow_target(target, noise, share, whole, whole_path)
    price, path = np.zeros(2), np.empty((40, 2))
    for part in (slice(0, 13), slice(13, 40)):
        follow_target(target[part], noise[part], share, price, path[part])
    assert np.array_equal(path, whole_path)
