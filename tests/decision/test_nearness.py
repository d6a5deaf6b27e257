from collections.abc import Callable
from typing import Any

import pytest

from undertow.decision.context import Context
from undertow.decision.nearness import Nearness


@pytest.mark.parametrize(("reach", "ticks"), [(50, 100.0), (500, 250.0)])
def test_the_larger_of_price_and_range(
    context: Callable[..., Context], flow: Any, reach: int, ticks: float
) -> None:
    flow.set_closes(60, [100_000] * 40, reach=reach)
    assert Nearness().ticks(context()) == pytest.approx(ticks)


def test_by_price_alone_without_a_range(context: Callable[..., Context]) -> None:
    assert Nearness(price_ppm=2_000).ticks(context()) == 200.0
