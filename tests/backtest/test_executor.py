import numpy as np
import pytest
from tests.backtest.executor_jobs import fail_on_three, out_of_memory, scaled_sum

from undertow.backtest.executor import SerialExecutor, in_order, worker_count
from undertow.domain.errors import ConfigurationError


def test_in_this_process() -> None:
    found = list(SerialExecutor().run(scaled_sum, np.ones(4), [1, 2, 3]))
    assert [outcome.value for outcome in found] == [4.0, 8.0, 12.0]
    assert all(outcome.is_done for outcome in found)


def test_what_a_job_raises_is_told_with_its_place_and_the_others_are_done() -> None:
    found = list(SerialExecutor().run(fail_on_three, None, [1, 3, 5]))
    assert [outcome.value for outcome in found] == [1, None, 5]
    assert found[1].error.startswith("ValueError: three is too many at ")
    assert "executor_jobs.py:" in found[1].error
    assert not found[1].is_lost


def test_a_job_out_of_memory_is_lost() -> None:
    (found,) = SerialExecutor().run(out_of_memory, None, [1])
    assert (found.error, found.is_lost) == ("out of memory", True)


def test_outcomes_are_put_in_the_order_of_their_items() -> None:
    found = SerialExecutor().run(scaled_sum, np.ones(1), [5, 6])
    assert [one.index for one in in_order(reversed(list(found)))] == [0, 1]


@pytest.mark.parametrize(("jobs", "workers"), [(1, 1), (9, 9), (-1, 4), (-2, 3), (-4, 1)])
def test_how_many_workers(jobs: int, workers: int) -> None:
    assert worker_count(jobs, cores=4) == workers


@pytest.mark.parametrize("jobs", [0, -5])
def test_no_workers_at_all_is_refused(jobs: int) -> None:
    with pytest.raises(ConfigurationError, match=r"expected a number of jobs from 1 on"):
        worker_count(jobs, cores=4)
