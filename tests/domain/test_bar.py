from undertow.domain.bar import BAR, TIMEFRAME_NAMES, TIMEFRAMES_S, Bar, bar_open_s


def test_a_bar_knows_its_end_and_its_sums() -> None:
    bar = Bar(0, 60, 120_000_000_000, 10, 12, 9, 11, 7, 3, 2, 1, 105.0)
    assert bar.close_time_ns == 180_000_000_000
    assert bar.volume_lots == 10
    assert bar.delta_lots == 4


def test_layout_and_struct_have_the_same_columns() -> None:
    assert set(BAR.names or ()) == set(Bar.__struct_fields__) - {"instrument", "timeframe_s"}
    assert set(TIMEFRAME_NAMES) > set(TIMEFRAMES_S)


def test_bars_lie_on_whole_multiples_and_weeks_begin_on_monday() -> None:
    friday = 1_700_179_200 + 3_661  # 2023-11-17 01:01:01 UTC
    assert bar_open_s(friday, 3_600) == 1_700_179_200 + 3_600
    assert bar_open_s(friday, 86_400) == 1_700_179_200
    assert bar_open_s(friday, 604_800) == 1_700_179_200 - 4 * 86_400


def test_a_bar_without_counts_of_trades_has_no_sides() -> None:
    bar = Bar(0, 60, 0, 10, 12, 9, 11, 5, 5, -1, -1, 105.0)
    assert not bar.has_sides
    assert bar.volume_lots == 10
