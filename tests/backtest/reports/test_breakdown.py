import pytest
from tests.backtest.reports.made_results import trade

from undertow.backtest.reports.breakdown import Grouping, breakdown
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_DAY

TRADES = [
    trade(4.0, 0, entry_tag="a"),
    trade(-2.0, 25, entry_tag="b", exit_reason="stop_loss"),
    trade(-1.0, 26, entry_tag="b", side=Side.SELL, instrument_id="ETH/USDT@binance"),
    trade(0.0, 24 * 31, entry_tag="a", strategy="other"),
]


def _names(by: Grouping) -> list[str]:
    return [row.name for row in breakdown(TRADES, by, 1_000.0)]


def test_a_row_by_hand() -> None:
    row = breakdown(TRADES, Grouping.ENTRY_TAG, 1_000.0)[0]
    assert (row.name, row.trades, row.wins, row.losses, row.breakeven) == ("b", 2, 0, 2, 0)
    assert (row.pnl, row.pnl_share, row.avg_pnl, row.fees) == (-3.0, -0.003, -1.5, 1.0)
    assert (row.win_rate, row.profit_factor, row.best, row.worst) == (0.0, 0.0, -1.0, -2.0)
    assert row.avg_ratio == pytest.approx(-0.015)
    assert row.duration_s == 3_600.0


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (Grouping.ENTRY_TAG, ["b", "a"]),
        (Grouping.EXIT_REASON, ["stop_loss", "roi"]),
        (Grouping.TAGS, ["b / stop_loss", "b / roi", "a / roi"]),
        (Grouping.SIDE, ["short", "long"]),
        (Grouping.ASSET, ["ETH", "BTC"]),
        (Grouping.INSTRUMENT, ["ETH/USDT@binance", "BTC/USDT:USDT@aster"]),
        (Grouping.VENUE, ["binance", "aster"]),
        (Grouping.STRATEGY, ["other", "cross"]),
        (Grouping.HOUR, ["00", "01", "02"]),
        (Grouping.WEEKDAY, ["Monday", "Tuesday", "Thursday"]),
        (Grouping.DAY, ["2024-01-01", "2024-01-02", "2024-02-01"]),
        (Grouping.WEEK, ["2024-W01", "2024-W05"]),
        (Grouping.MONTH, ["2024-01", "2024-02"]),
        (Grouping.YEAR, ["2024"]),
    ],
)
def test_groups_and_their_order(by: Grouping, names: list[str]) -> None:
    assert _names(by) == names


@pytest.mark.parametrize("by", list(Grouping))
def test_groups_add_up(by: Grouping) -> None:
    rows = breakdown(TRADES, by, 1_000.0)
    assert sum(row.trades for row in rows) == 4
    assert sum(row.pnl for row in rows) == pytest.approx(1.0)
    assert breakdown([], by, 1_000.0) == []


def test_an_exit_counts_in_its_own_day() -> None:
    late = trade(1.0, 23, close_time_ns=TRADES[0].open_time_ns + NS_PER_DAY)
    assert [row.name for row in breakdown([late], Grouping.DAY, 1.0)] == ["2024-01-02"]
