from undertow.cli.view.area_chart import area_chart, resampled


def test_a_rise_fills_from_one_step_to_all() -> None:
    assert area_chart([0.0, 1.0], 2, 1) == ["▁█"]
    assert area_chart([0.0, 0.5, 1.0], 3, 2) == [" ▁█", "▁██"]


def test_a_flat_line_lies_at_half_height() -> None:
    assert area_chart([5.0, 5.0], 4, 2) == ["    ", "██  "]
    assert area_chart([5.0], 1, 1) == ["▄"]


def test_there_may_be_nothing_to_draw() -> None:
    assert area_chart([], 3, 2) == ["   ", "   "]
    assert area_chart([1.0], 0, 1) == [""]


def test_many_values_are_spread_and_the_last_is_kept() -> None:
    assert resampled([float(i) for i in range(100)], 4) == [24.0, 49.0, 74.0, 99.0]
    assert resampled([1.0, 2.0], 4) == [1.0, 2.0]
