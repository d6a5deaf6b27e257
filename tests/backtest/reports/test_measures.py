import msgspec
import numpy as np
import pytest
from tests.backtest.reports.made_results import result, trade

from undertow.backtest.reports.measures import known_names, market_change, measures


def test_all_under_one_name_each() -> None:
    made = result(np.linspace(1_000.0, 1_100.0, 61), [trade(40.0), trade(-10.0, 2)])
    found = measures(made)
    assert (found["starting_balance"], found["final_balance"]) == (1_000.0, 1_100.0)
    assert found["absolute_profit"] == pytest.approx(100.0)
    assert (found["days"], found["avg_daily_profit"]) == (60.0, pytest.approx(100 / 60))
    assert found["total_return"] == pytest.approx(0.1)
    assert found["total_trades"] == 2
    assert found["market_change"] == pytest.approx(0.1)
    assert found["costs"]["fees"] == 1.0
    for name in ("sharpe", "sortino", "max_drawdown", "calmar", "ulcer", "sqn", "psr"):
        assert name in found


def test_known_names_are_the_same_numbers() -> None:
    found = measures(result([1_000.0, 900.0, 1_200.0] * 20, [trade(40.0), trade(-10.0, 2)]))
    known = known_names(found)
    assert known["sharpe_ratio"] == found["sharpe"]
    assert known["max_drawdown_pct"] == found["max_drawdown"] * 100 < 0
    assert known["avg_win"] == 40.0


def test_undefined_numbers_are_null_in_json() -> None:
    text = msgspec.json.encode(measures(result([1_000.0, 1_000.0])))
    assert msgspec.json.decode(text)["sharpe"] is None


def test_the_market_without_prices_has_no_change() -> None:
    assert np.isnan(market_change(result([1.0, 2.0], closes={})))
