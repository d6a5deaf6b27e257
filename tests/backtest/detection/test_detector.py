from collections.abc import Callable

import pytest

from undertow.backtest.detection.detector import Detector
from undertow.domain.errors import ConfigurationError

Make = Callable[..., Detector]


def test_a_score_fires_on_its_side_of_the_threshold(make_detector: Make) -> None:
    upper = make_detector()
    assert upper.passes(2.0, 2.0)
    assert not upper.passes(1.9, 2.0)
    lower = make_detector(is_least=False, thresholds=(3.0, 2.0, 1.0))
    assert lower.passes(2.0, 2.0)
    assert not lower.passes(2.1, 2.0)


@pytest.mark.parametrize(
    "thresholds", [(3.0, 2.0, 1.0), (1.0, 3.0)], ids=["order", "without the default"]
)
def test_thresholds_go_from_loose_to_strict(
    make_detector: Make, thresholds: tuple[float, ...]
) -> None:
    with pytest.raises(ConfigurationError, match="loosest first"):
        make_detector(thresholds=thresholds)


def test_a_detector_has_one_kind_of_look(make_detector: Make) -> None:
    with pytest.raises(ConfigurationError, match="one kind of look"):
        make_detector(minutes=lambda _series: ())
    with pytest.raises(ConfigurationError, match="one kind of look"):
        make_detector(fresh=None)
