"""The strategy on altered candles: unaltered ones give the run itself, noise of nothing as well."""

from typing import Any

import msgspec
import numpy as np
import pytest
from tests.backtest.conftest import Cross, candles

from undertow.backtest.bar_data import bar_data
from undertow.backtest.candle_reruns import CandleKind, RerunTask, altered_data, candle_reruns
from undertow.backtest.instrument_bars import read_bars
from undertow.backtest.library import backtest
from undertow.backtest.result import BacktestResult
from undertow.backtest.search.search_try import GivenStrategy
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.synthetic_data import SyntheticData
from undertow.domain.errors import CallerError, DataError
from undertow.simulator.market.market_config import MarketConfig

DATA = bar_data(candles(400), "ABC/USDT", timeframe="1m")


@pytest.mark.parametrize("kind", list(CandleKind))
def test_percentiles_around_the_run(research: dict[str, Any], kind: CandleKind) -> None:
    settings = BacktestSettings(**research)
    run = backtest(Cross(), DATA, **research)
    assert isinstance(run, BacktestResult)
    table = candle_reruns(Cross, DATA, kind, settings, scenarios=6)
    spread = table.spreads["total_return"]
    assert spread.actual == pytest.approx(run.final_balance / run.starting_balance - 1.0, abs=1e-9)
    assert spread.percentiles[0] < spread.percentiles[-1]
    assert table.rows() == candle_reruns(Cross, DATA, kind, settings, scenarios=6).rows()
    assert table.name == f"{kind} candles"


def test_noise_of_nothing_changes_nothing(research: dict[str, Any]) -> None:
    settings = BacktestSettings(**research)
    table = candle_reruns(Cross, DATA, settings=settings, scenarios=2, strength=0.0)
    spread = table.spreads["total_return"]
    assert spread.percentiles == pytest.approx((spread.actual,) * 5)


def test_altered_bars_are_bars_on_the_same_times() -> None:
    for kind in CandleKind:
        task = RerunTask(
            source=GivenStrategy(Cross()), bars=tuple(read_bars(DATA, 60)),
            settings=BacktestSettings(), kind=kind, strength=0.2, seed=1,
        )  # fmt: skip
        as_they_are, altered, again = (altered_data(task, number) for number in (-1, 0, 0))
        assert as_they_are.digest == DATA.digest
        assert again.digest == altered.digest != DATA.digest
        (old,), (new,) = read_bars(DATA, 60), read_bars(altered, 60)
        assert np.array_equal(old.bars.open_time_ns, new.bars.open_time_ns)
        assert (new.bars.high >= np.maximum(new.bars.open, new.bars.close)).all()


class Breaking(Cross):
    """Fails at once."""

    def on_bar(self, ctx: Any, bar: Any) -> None:
        raise ValueError("broken")


def test_what_cannot_be_run_again(research: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"scenario -1: .*broken"):
        candle_reruns(Breaking(), DATA, scenarios=1)
    trades = SyntheticData(MarketConfig(assets=("BTC",), venues=("aster",)), 60, 3)
    with pytest.raises(CallerError, match="expected bars"):
        candle_reruns(Cross(), trades)
    assert msgspec.structs.asdict(GivenStrategy(Cross()))
