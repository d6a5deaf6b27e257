from undertow.domain.bar import BAR, TIMEFRAME_NAMES, TIMEFRAMES_S, Bar


def test_a_bar_knows_its_end_and_its_sums() -> None:
    bar = Bar(0, 60, 120_000_000_000, 10, 12, 9, 11, 7, 3, 2, 1, 105.0)
    assert bar.close_time_ns == 180_000_000_000
    assert bar.volume_lots == 10
    assert bar.delta_lots == 4


def test_layout_and_struct_have_the_same_columns() -> None:
    assert set(BAR.names or ()) == set(Bar.__struct_fields__) - {"instrument", "timeframe_s"}
    assert set(TIMEFRAME_NAMES) == set(TIMEFRAMES_S)
