from tests.backtest.conftest import Cross, candles

from undertow.backtest.library import backtest
from undertow.backtest.result_measures import result_measures


def test_measures_of_equity_and_of_trades_stand_together() -> None:
    result = backtest(Cross(), candles(), stake="unlimited", is_research=True)
    found = result_measures(result)
    assert found["total_return"] == result.equity.equity[-1] / result.equity.equity[0] - 1
    assert found["total_trades"] == len(result.trades)
    assert 0 <= found["win_rate"] <= 1
