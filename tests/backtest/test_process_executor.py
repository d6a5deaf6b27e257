"""The process pool against the same jobs done in this process."""

import os

import numpy as np
from tests.backtest.executor_jobs import die_on_three, fail_on_three, process_of, scaled_sum

from undertow.backtest.executor import SerialExecutor, in_order
from undertow.backtest.process_executor import ProcessExecutor


def test_the_same_results_as_in_one_process() -> None:
    shared, items = np.arange(1_000.0), list(range(17))
    serial = list(SerialExecutor().run(scaled_sum, shared, items))
    for jobs in (1, 2, 3):
        assert in_order(ProcessExecutor(jobs).run(scaled_sum, shared, items)) == serial


def test_it_really_is_another_process() -> None:
    found = {one.value for one in ProcessExecutor(2).run(process_of, None, [0, 1, 2, 3])}
    assert os.getpid() not in found
    assert 1 <= len(found) <= 2


def test_an_error_is_told_and_the_others_are_done() -> None:
    found = in_order(ProcessExecutor(2).run(fail_on_three, None, [1, 2, 3, 4]))
    assert [one.value for one in found] == [1, 2, None, 4]
    assert found[2].error.startswith("ValueError: three is too many at ")


def test_a_worker_that_dies_costs_its_own_job_and_no_other() -> None:
    items = [1, 2, 3, 4, 5, 3, 7]
    found = in_order(ProcessExecutor(2).run(die_on_three, None, items))
    assert [one.value for one in found] == [1, 2, None, 4, 5, None, 7]
    assert [one.is_lost for one in found] == [False, False, True, False, False, True, False]
    assert found[2].error.startswith("the worker died under this job")


def test_nothing_to_do() -> None:
    assert list(ProcessExecutor(4).run(scaled_sum, np.ones(1), [])) == []


def test_workers_are_kept_in_a_held_block_and_replaced_when_they_die() -> None:
    shared, items = np.arange(10.0), [1, 2]
    executor = ProcessExecutor(1)
    with executor.held(shared), executor.held(shared):
        first = {one.value for one in executor.run(process_of, shared, items)}
        again = {one.value for one in executor.run(process_of, shared, items)}
        assert len(first) == 1
        assert first == again
        assert [one.value for one in in_order(executor.run(scaled_sum, shared, items))] == [45, 90]
        other = next(iter(executor.run(scaled_sum, np.ones(3), [2])))
        assert other.value == 6.0
    assert not first & {one.value for one in executor.run(process_of, shared, [1])}


def test_a_held_worker_that_dies_costs_its_own_job() -> None:
    shared = object()
    executor = ProcessExecutor(1)
    with executor.held(shared):
        found = in_order(executor.run(die_on_three, shared, [1, 3, 4]))
        assert [one.value for one in found] == [1, None, 4]
        assert [one.value for one in executor.run(die_on_three, shared, [5])] == [5]
