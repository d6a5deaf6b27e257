"""Walk-forward. Each test window is run again by hand with the parameters told, and must agree."""

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.backtest.conftest import candles
from tests.backtest.search.search_strategies import Searched

from undertow.backtest.bar_data import BarData, bar_data
from undertow.backtest.library import backtest
from undertow.backtest.result import BacktestResult
from undertow.backtest.search.search import SearchPlace, search
from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.walk_forward import WalkForwardPlan, WalkForwardResult, walk_forward
from undertow.domain.errors import CallerError, ConfigurationError
from undertow.domain.parameter import with_parameters
from undertow.domain.time import NS_PER_DAY
from undertow.storage.trial_ledger import TrialLedger

PLAN = WalkForwardPlan(train_days=8, test_days=5, embargo_days=1)
SEARCH = SearchSettings(tries=4, batch=4, seed=5)
SETTINGS = BacktestSettings(
    stake="unlimited", is_research=True, fee=(0.0002, 0.0002), size_at_open=True
)


@pytest.fixture(scope="module")
def data() -> BarData:
    made: BarData = bar_data(candles(600, 3_600, seed=11), "ABC/USDT", timeframe="1h")
    return made


@pytest.fixture(scope="module")
def found(data: BarData, tmp_path_factory: pytest.TempPathFactory) -> WalkForwardResult:
    with TrialLedger(tmp_path_factory.mktemp("ledger") / "trials") as ledger:
        result = walk_forward(
            Searched, data, PLAN, SEARCH, SETTINGS, place=SearchPlace(ledger=ledger)
        )
        assert ledger.count() == result.tries + 1
        assert ledger.verify() == result.tries + 1
    return result


def plain(settings: BacktestSettings, **changed: object) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__} | changed


def test_windows_follow_one_another(found: WalkForwardResult, data: BarData) -> None:
    windows = [step.window for step in found.steps]
    assert len(windows) == 4  # 25 days: tests of 5, 5, 5 and the rest after 8 + 1
    for before, after in pairwise(windows):
        assert after.test_start == before.test_stop
        assert after.train_stop - after.train_start == 8 * NS_PER_DAY
    assert all(one.test_start - one.train_stop == NS_PER_DAY for one in windows)
    assert windows[-1].test_stop == data.span_ns[1]


def test_each_window_is_that_search_and_that_backtest(
    found: WalkForwardResult, data: BarData
) -> None:
    money = 10_000.0
    for step in found.steps[:2]:
        window = step.window
        train = plain(SETTINGS, start_ns=window.train_start, stop_ns=window.train_stop)
        own = search(Searched, data, SEARCH, BacktestSettings(**train))  # type: ignore[arg-type]
        assert step.parameters == dict(own.best.parameters)
        assert step.sharpe_in == own.best.measures["sharpe"]
        test = plain(
            SETTINGS,
            start_ns=window.test_start, stop_ns=window.test_stop, starting_balance=money,
        )  # fmt: skip
        part = backtest(with_parameters(Searched(), step.parameters), data, **test)  # type: ignore[call-overload]
        assert isinstance(part, BacktestResult)
        assert step.growth_out == pytest.approx(
            (part.final_balance / money - 1.0)
            / ((window.test_stop - window.test_start) / NS_PER_DAY)
        )
        assert step.trades_out == len(part.trades)
        money = part.final_balance


def test_the_stitched_run_is_one_run(found: WalkForwardResult) -> None:
    whole = found.result
    assert whole.starting_balance == whole.equity.equity[0] == 10_000.0
    assert whole.equity.equity[-1] == pytest.approx(whole.final_balance)
    assert (np.diff(whole.equity.time_ns) > 0).all()
    assert [trade.trade_id for trade in whole.trades] == list(range(1, len(whole.trades) + 1))
    assert len(whole.trades) == sum(step.trades_out for step in found.steps)
    gained = sum(trade.pnl for trade in whole.trades)
    assert whole.final_balance - whole.starting_balance == pytest.approx(gained, rel=1e-6)
    assert whole.costs.fees == pytest.approx(sum(trade.fees for trade in whole.trades))
    assert found.deflation.tries == 1
    assert 0.0 <= found.profitable <= 1.0


def test_anchored_windows_and_another_face(data: BarData) -> None:
    anchored = msgspec.structs.replace(PLAN, is_anchored=True, test_days=16)
    fast = msgspec.structs.replace(SEARCH, face=Face.SIGNALS)
    told: list[tuple[int, int]] = []
    found = walk_forward(
        Searched, data, anchored, fast, SETTINGS, progress=lambda done, of: told.append((done, of))
    )
    assert [step.window.train_start for step in found.steps] == [data.span_ns[0]]
    assert told == [(1, 1)]


def test_what_cannot_be_meant(data: BarData, tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="expected room"):
        walk_forward(Searched, data, WalkForwardPlan(train_days=40, test_days=5), SEARCH)
    with pytest.raises(ConfigurationError, match="expected days to train"):
        walk_forward(Searched, data, WalkForwardPlan(train_days=0, test_days=5), SEARCH)
    place = SearchPlace(journal=tmp_path / "journal")
    with pytest.raises(ConfigurationError, match="expected no journal"):
        walk_forward(Searched, data, PLAN, SEARCH, place=place)
