"""The Ray executor on a real cluster of two nodes of this machine."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.backtest.executor_jobs import die_on_three, fail_on_three, process_of, scaled_sum

from undertow.backtest.executor import SerialExecutor, in_order
from undertow.backtest.ray_executor import RayExecutor

ray = pytest.importorskip("ray", reason="the extra `cluster` is not installed")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def executor() -> Iterator[RayExecutor]:
    from ray.cluster_utils import Cluster

    root = str(Path(__file__).parents[2])
    # Workers start elsewhere: they find the jobs of the tests by this path.
    os.environ["PYTHONPATH"] = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    size = {"num_cpus": 1, "object_store_memory": 100 * 1024**2}
    cluster: Any = Cluster(initialize_head=True, head_node_args=size)
    try:
        cluster.add_node(**size)
        ray.init(address=cluster.address, log_to_driver=False)
        yield RayExecutor(retries=0)
    finally:
        ray.shutdown()
        cluster.shutdown()


def test_two_nodes_give_the_results_of_one_process(executor: RayExecutor) -> None:
    assert executor.jobs == 2
    assert len([node for node in ray.nodes() if node["Alive"]]) == 2
    shared, items = np.arange(1_000.0), list(range(9))
    serial = list(SerialExecutor().run(scaled_sum, shared, items))
    assert in_order(executor.run(scaled_sum, shared, items)) == serial


def test_errors_and_deaths_are_told(executor: RayExecutor) -> None:
    failed = in_order(executor.run(fail_on_three, None, [1, 3]))
    assert (failed[0].value, failed[1].is_lost) == (1, False)
    assert failed[1].error.startswith("ValueError: three is too many")
    died = in_order(executor.run(die_on_three, None, [1, 3, 5]))
    assert [one.value for one in died] == [1, None, 5]
    assert died[1].is_lost
    assert died[1].error.startswith("the worker died under this job")


def test_it_really_is_another_process(executor: RayExecutor) -> None:
    assert os.getpid() not in {one.value for one in executor.run(process_of, None, [1, 2])}
