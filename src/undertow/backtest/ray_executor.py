"""Jobs on a Ray cluster, through the same port as the process pool."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from undertow.backtest.executor import Outcome, Work, attempt
from undertow.domain.extra_library import extra_library

Value = TypeVar("Value")

_AHEAD = 2
_LOST = "the worker died under this job (out of memory, killed, or its node is gone)"


class RayExecutor:
    """Uses the cluster that Ray is connected to (`ray.init(address=...)`), or starts a local one.

    The shared input is put into the object store once; workers on a node read its arrays from the
    same memory. A job whose worker or node dies is done again `retries` times, then told as lost.
    jobs: as many as the cluster has cores.
    """

    def __init__(self, *, retries: int = 2) -> None:
        self._ray: Any = extra_library("ray", extra="cluster", purpose="a Ray cluster")
        self._retries = retries
        if not self._ray.is_initialized():
            self._ray.init(include_dashboard=False, log_to_driver=False)
        self.jobs = max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def run(self, work: Work[Value], shared: Any, items: Sequence[Any]) -> Iterator[Outcome[Value]]:
        """Outcomes as they are finished."""
        ray = self._ray
        stored = ray.put(shared)
        remote = ray.remote(max_retries=self._retries)(_attempt)
        left = iter(range(len(items)))
        under_way: dict[Any, int] = {}
        is_over = False
        while under_way or not is_over:
            while not is_over and len(under_way) < self.jobs * _AHEAD:
                index = next(left, None)
                is_over = index is None
                if index is not None:
                    under_way[remote.remote(work, stored, index, items[index])] = index
            done, _ = ray.wait(list(under_way), num_returns=1) if under_way else ([], [])
            for reference in done:
                yield self._outcome(reference, under_way.pop(reference))

    def _outcome(self, reference: Any, index: int) -> Outcome[Any]:
        try:
            found: Outcome[Any] = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            words = f"{_LOST}: {type(error).__name__}"
            return Outcome(index, error=words, is_lost=True)
        return found


def _attempt(work: Work[Value], shared: Any, index: int, item: Any) -> Outcome[Value]:
    return attempt(work, shared, index, item)
