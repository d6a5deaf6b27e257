from math import nan

import pytest

from undertow.decision.conditions import holds, undefined
from undertow.decision.signal_filter import points_verdict


@pytest.mark.parametrize(("points", "given"), [(0.5, 0.5), (9.0, 2.0), (-1.0, 0.0)])
def test_points_stay_within_the_weight(points: float, given: float) -> None:
    judged = points_verdict("zone", points, 2.0, "fresh", [holds("zone", True)])
    assert (judged.points, judged.weight, judged.passed) == (given, 2.0, given > 0)
    assert judged.strength == given / 2.0


def test_undefined_gives_nothing_and_says_so() -> None:
    for judged in (
        points_verdict("zone", nan, 2.0, "fresh", []),
        points_verdict("zone", 1.0, 2.0, "fresh", [undefined("atr")]),
    ):
        assert (judged.points, judged.passed, judged.reason) == (0.0, False, "insufficient")


def test_a_filter_without_weight_gives_nothing() -> None:
    assert points_verdict("zone", 1.0, 0.0, "fresh", []).strength == 0.0
