import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import parameters_of
from undertow.domain.trail import Trail


@pytest.mark.parametrize(
    ("trail", "gained", "distance"),
    [
        (Trail(), 500_000, 0),
        (Trail(distance_ppm=5_000), 0, 5_000),
        (Trail(distance_ppm=5_000, activation_ppm=8_000), 7_999, 0),
        (Trail(distance_ppm=5_000, activation_ppm=8_000), 8_000, 5_000),
        (Trail(distance_ppm=5_000, near_ppm=2_000, near_from_ppm=9_000), 8_999, 5_000),
        (Trail(distance_ppm=5_000, near_ppm=2_000, near_from_ppm=9_000), 9_000, 2_000),
        (Trail(near_ppm=2_000, near_from_ppm=9_000), 8_999, 0),
        # The closer of two that hold, whichever it is.
        (Trail(distance_ppm=1_000, near_ppm=2_000), 0, 1_000),
        (Trail(distance_ppm=1_000), -1, 0),
    ],
)
def test_the_distance_that_holds(trail: Trail, gained: int, distance: int) -> None:
    assert trail.distance_at(gained) == distance


def test_freqtrades_names() -> None:
    assert Trail.of_ratios(-0.1) == Trail(distance_ppm=100_000)
    assert Trail.of_ratios(-0.1, positive=0.02, positive_offset=0.03) == Trail(
        distance_ppm=100_000, near_ppm=20_000, near_from_ppm=30_000
    )
    assert Trail.of_ratios(
        -0.1, positive=0.02, positive_offset=0.03, only_offset_is_reached=True
    ) == Trail(near_ppm=20_000, near_from_ppm=30_000)
    assert Trail.of_ratios(-0.1, positive_offset=0.03, only_offset_is_reached=True) == Trail(
        distance_ppm=100_000, activation_ppm=30_000
    )


def test_every_distance_can_be_searched() -> None:
    known = parameters_of(Trail)
    assert list(known) == list(Trail.__struct_fields__)
    assert {one.space for one in known.values()} == {"trailing"}


@pytest.mark.parametrize("name", Trail.__struct_fields__)
def test_shares_lie_below_one(name: str) -> None:
    for value in (-1, 1_000_000):
        with pytest.raises(ConfigurationError, match=f"expected {name} from 0 to 999999"):
            Trail(**{name: value})
