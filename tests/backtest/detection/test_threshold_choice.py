from undertow.backtest.detection.episode import Tally
from undertow.backtest.detection.threshold_choice import choose_threshold


def _days(*counts: tuple[int, int]) -> list[Tally]:
    return [Tally(10, found, false, 0, 86_400, []) for found, false in counts]


def test_one_half_chooses_and_the_other_tells() -> None:
    choice = choose_threshold(
        {1.0: _days((10, 90), (5, 90)), 2.0: _days((9, 1), (4, 6)), 3.0: _days((2, 0), (9, 0))},
        default=1.0,
    )
    assert choice.threshold == 2.0
    assert (choice.chosen.found, choice.chosen.false) == (4, 6)
    assert choice.default.found == 5
    assert choice.is_better


def test_of_equals_the_default_wins() -> None:
    same = _days((5, 5), (5, 5))
    choice = choose_threshold({1.0: same, 2.0: same, 3.0: same}, default=2.0)
    assert choice.threshold == 2.0
    assert not choice.is_better


def test_a_choice_that_does_not_hold_is_not_better() -> None:
    choice = choose_threshold({1.0: _days((5, 5), (9, 1)), 2.0: _days((9, 1), (1, 9))}, default=1.0)
    assert choice.threshold == 2.0
    assert not choice.is_better
