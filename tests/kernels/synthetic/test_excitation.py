import numpy as np
from numpy.typing import NDArray

from undertow.kernels.synthetic.excitation import draw_orders

SAME, OPPOSITE, DECAY, STEP_S, MOST = 0.9, 0.1, 0.8, 0.1, 12
CROSS = np.array([[0.2, 0.1, 0.05], [0.3, 0.2, 0.1]])


class Block:
    """Inputs and outputs of one call: 20 steps of two assets of three instruments."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.arrivals = rng.uniform(0.0, 8.0, (20, 6, 2))
        self.planned = rng.integers(0, 2, (20, 6, 2))
        self.alive = rng.integers(0, 3, (20, 6))
        self.excitation = np.zeros((6, 2))
        self.counts = np.zeros((20, 6, 2), dtype=np.int64)
        self.expected = np.zeros((20, 6, 2))

    def draw(self, rng: np.random.Generator, part: slice = slice(None)) -> None:
        draw_orders(
            self.arrivals[part], self.planned[part], self.alive[part], CROSS, SAME, OPPOSITE,
            DECAY, STEP_S, MOST, rng, self.excitation, self.counts[part], self.expected[part],
        )  # fmt: skip


def _slowly(block: Block, rng: np.random.Generator) -> tuple[NDArray[np.int64], list[object]]:
    # The same with numpy's own generator and whole arrays, one step at a time.
    excitation, counts, means = np.zeros((6, 2)), [], []
    for step in range(20):
        works = (block.alive[step] > 0)[:, None]
        mean = (block.arrivals[step] + excitation) * (works * STEP_S)
        drawn = np.minimum(rng.poisson(mean), MOST)
        orders = drawn + block.planned[step]
        cross = CROSS[:, :, None] * orders.reshape(2, 3, 2).sum(axis=1, keepdims=True)
        excitation += SAME * orders + OPPOSITE * orders[:, ::-1]
        excitation += cross.reshape(6, 2)
        excitation *= DECAY
        counts.append(drawn)
        means.append(mean)
    return np.array(counts), means


def test_it_draws_what_numpy_draws() -> None:
    block = Block(1)
    block.draw(np.random.default_rng(7))
    counts, means = _slowly(block, np.random.default_rng(7))
    assert np.array_equal(block.counts, counts)
    assert np.allclose(block.expected, np.array(means), rtol=1e-12, atol=0.0)
    assert counts.sum() > 100


def test_a_halted_venue_trades_nothing() -> None:
    block = Block(2)
    block.draw(np.random.default_rng(7))
    assert not block.counts[block.alive == 0].any()
    assert not block.expected[block.alive == 0].any()


def test_blocks_join_on() -> None:
    whole, parts = Block(3), Block(3)
    whole.draw(np.random.default_rng(7))
    rng = np.random.default_rng(7)
    for part in (slice(0, 7), slice(7, 20)):
        parts.draw(rng, part)
    assert np.array_equal(whole.counts, parts.counts)
    assert np.array_equal(whole.excitation, parts.excitation)
