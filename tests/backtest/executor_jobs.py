"""Jobs for tests of executors; workers import them by name."""

import os
import signal
from typing import Any

import numpy as np
from numpy.typing import NDArray


def scaled_sum(shared: NDArray[np.float64], item: int) -> float:
    """A plain function of the shared array and the item."""
    return float(shared.sum()) * item


def fail_on_three(shared: Any, item: int) -> int:
    """Raises for one item."""
    if item == 3:
        raise ValueError("three is too many")
    return item


def die_on_three(shared: Any, item: int) -> int:
    """Its process is killed for one item, as by the kernel when memory is out."""
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def out_of_memory(shared: Any, item: int) -> int:
    """Asks for more than there is."""
    raise MemoryError


def process_of(shared: Any, item: int) -> int:
    """Which process did it."""
    return os.getpid()
