"""Expected: answers depend on the job alone; shuffled candles make markets as long as they are."""

import msgspec
import numpy as np

from undertow.backtest.honesty.honesty_job import do_job
from undertow.backtest.honesty.honesty_plan import Job, Part
from undertow.backtest.honesty.noise_law import SHUFFLED

NONE = np.empty(0)


def test_the_same_job_has_the_same_answers() -> None:
    job = Job(Part.NOISE, "normal", "normal", 2, (1, 2))
    one = do_job(NONE, job)
    assert one == do_job(NONE, job)
    assert one != do_job(NONE, msgspec.structs.replace(job, samples=3))
    assert one["t@0.05"].count == 2
    assert 0.0 <= one["pbo"].mean <= 1.0


def test_a_loss_is_seen_by_no_test() -> None:
    job = Job(Part.POWER, "loss", "fat tails", 2, (1,), -4.0, 1_095)
    assert {answer.total for answer in do_job(NONE, job).values()} == {0.0}


def test_real_candles_are_searched_as_far_as_they_reach() -> None:
    recorded = np.random.default_rng(1).normal(0.001, 0.01, 24 * 200)
    job = Job(Part.SEARCH, SHUFFLED, SHUFFLED, 1, (3,), size=26_280, tries=(5,))
    found = do_job(recorded, job)
    assert found["passed@5"].total == 0.0
    assert found["check days@5"].total == 1.0
    short = do_job(recorded[: 24 * 170], job)
    assert short["check days@5"].total == 0.0


def test_coins_are_tossed_where_a_block_is_given() -> None:
    job = Job(Part.SEARCH, "coins", "normal", 1, (3,), size=24 * 365, block=24, tries=(4,))
    assert do_job(NONE, job)["check trades@4"].total == 1.0


def test_a_look_at_the_zoo() -> None:
    for name, found in (("NextClose", 1.0), ("AverageCross", 0.0)):
        assert do_job(NONE, Job(Part.LOOKS, name, name, 1, (5,)))["found"].total == found
