"""Expected: cells worked by hand."""

import pytest

from undertow.backtest.honesty.honesty_study import HonestyResults
from undertow.backtest.honesty.honesty_tables import (
    ALARM_WORDS,
    CHECKS,
    alarm_table,
    coverage_table,
    edge_table,
    percent,
    power_tables,
    search_table,
    share,
    surplus,
    table,
    zoo_table,
)
from undertow.backtest.honesty.measured import Measured, of


def test_cells() -> None:
    assert percent(of([1.0, 0.0, 0.0, 0.0])) == "25.0 ± 25.0"
    assert percent(of([1.0]), 0) == "100"
    assert percent(None) == percent(Measured()) == share(None) == "-"
    assert share(of([0.0] * 100)) == "0 of 100 (0.0 %, 0.0 to 3.7)"
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_surplus_counts_errors_of_a_true_test() -> None:
    # 20 of 100 at 10 %: the error is sqrt(0.09 / 100) = 3 %.
    assert surplus(of([1.0] * 20 + [0.0] * 80), 0.10) == pytest.approx(10 / 3)


def test_tables_have_a_row_for_everything(quick: HonestyResults) -> None:
    assert alarm_table(quick).count("\n") == len(ALARM_WORDS) + 2
    assert power_tables(quick).count("| test, ") == 3
    assert "| trending | 16 |" in coverage_table(quick)
    assert "coin tosses, 24 h" in search_table(quick)
    assert all(check in search_table(quick) for check in CHECKS)
    assert edge_table(quick).count("\n") == 2 * 6 + 1
    assert "| do not | 3 | 0 of 3" in zoo_table(quick)
    cells = {line.count("|") for line in edge_table(quick).splitlines()}
    assert len(cells) == 1
