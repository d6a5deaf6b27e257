"""Times and names in the form of candle engines; the sums are tested with the archive."""

from tests.backtest.test_trade_book import LINEAR, book_of, note

from undertow.backtest.known_keys import date_text, pair_of, trade_row
from undertow.domain.side import Side


def test_times_have_their_zone() -> None:
    assert date_text(1_706_702_400 * 10**9) == "2024-01-31 12:00:00+00:00"
    assert pair_of("BTC/USDT:USDT@bybit") == "BTC/USDT:USDT"


def test_a_short_trade() -> None:
    notes = [note(LINEAR, 0, Side.SELL, 100, 5), note(LINEAR, 120, Side.BUY, 90, 5)]
    row = trade_row(book_of(LINEAR, notes)[0])
    assert row["is_short"]
    assert row["trade_duration"] == 2
    assert (row["open_rate"], row["close_rate"]) == (100.0, 90.0)
    assert row["fee_open"] == 1 / 500
    assert [order["ft_order_side"] for order in row["orders"]] == ["sell", "buy"]
    assert [order["ft_is_entry"] for order in row["orders"]] == [True, False]
