"""The search as a whole. What must be equal is compared with a second run made another way: other
numbers of processes, other faces, stopped and resumed, one backtest by hand.
"""

from pathlib import Path

import msgspec
import pytest
from tests.backtest.search.search_strategies import Fragile, Searched

from undertow.backtest.bar_data import BarData
from undertow.backtest.library import backtest
from undertow.backtest.process_executor import ProcessExecutor
from undertow.backtest.result import BacktestResult
from undertow.backtest.result_trial import trial_of
from undertow.backtest.search.losses import sharpe_loss
from undertow.backtest.search.samplers import Sampler
from undertow.backtest.search.search import SearchPlace, search
from undertow.backtest.search.search_result import SearchResult, TryState
from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.backtest.settings import BacktestSettings
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.parameter import with_parameters
from undertow.storage.trial_ledger import TrialLedger

SMALL = SearchSettings(tries=10, batch=5, seed=3)


def told(result: SearchResult) -> bytes:
    rows = [msgspec.structs.replace(row, trial=None) for row in result.rows]
    returns = [row.trial.returns.tolist() if row.trial else None for row in result.rows]
    return msgspec.json.encode((rows, returns))


def test_the_same_in_one_process_and_in_two(
    hours: BarData, open_settings: BacktestSettings
) -> None:
    place = SearchPlace(executor=ProcessExecutor(2))
    one = search(Searched, hours, SMALL, open_settings)
    assert told(search(Searched, hours, SMALL, open_settings, place)) == told(one)
    assert len(one.rows) == 10
    assert len({tuple(row.parameters.items()) for row in one.rows}) > 3
    other = search(Searched, hours, msgspec.structs.replace(SMALL, seed=4), open_settings)
    assert told(other) != told(one)


def test_the_best_row_is_that_very_backtest(
    hours: BarData, open_settings: BacktestSettings
) -> None:
    found = search(Searched, hours, SMALL, open_settings)
    plain = {name: getattr(open_settings, name) for name in open_settings.__struct_fields__}
    result = backtest(with_parameters(Searched(), found.best.parameters), hours, **plain)
    assert isinstance(result, BacktestResult)
    assert found.best.losses == (sharpe_loss(result),)
    assert found.best.losses[0] == min(row.losses[0] for row in found.rows)
    assert found.best.measures["total_trades"] == len(result.trades)
    own = trial_of(result, "search")
    assert found.best.trial is not None
    assert found.best.trial.returns.tolist() == own.returns.tolist()


def test_a_stopped_search_goes_on_as_though_it_never_was(
    hours: BarData, open_settings: BacktestSettings, tmp_path: Path
) -> None:
    whole = search(Searched, hours, SMALL, open_settings)
    place = SearchPlace(journal=tmp_path / "search.journal")
    half = msgspec.structs.replace(SMALL, tries=5)
    assert len(search(Searched, hours, half, open_settings, place).rows) == 5
    assert told(search(Searched, hours, SMALL, open_settings, place)) == told(whole)
    other = msgspec.structs.replace(SMALL, losses=("sortino",))
    with pytest.raises(ConfigurationError, match="found that of another"):
        search(Searched, hours, other, open_settings, place)


def test_an_interrupted_try_is_a_failed_row(
    hours: BarData, open_settings: BacktestSettings, tmp_path: Path
) -> None:
    class Stopped:
        jobs = 1

        def run(self, *parts: object) -> None:
            raise KeyboardInterrupt

    journal = tmp_path / "search.journal"
    place = SearchPlace(executor=Stopped(), journal=journal)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        search(Searched, hours, SMALL, open_settings, place)
    found = search(Searched, hours, SMALL, open_settings, SearchPlace(journal=journal))
    assert [row.state for row in found.rows] == [TryState.FAILED] * 5 + [TryState.DONE] * 5
    assert "interrupted" in found.rows[0].error


def test_what_raises_and_what_dies_are_failed_rows(
    hours: BarData, open_settings: BacktestSettings
) -> None:
    grid = SearchSettings(tries=100, batch=10, sampler=Sampler.GRID, spaces=("buy",))
    found = search(Fragile, hours, grid, open_settings, SearchPlace(executor=ProcessExecutor(2)))
    failed = [row for row in found.rows if row.state is TryState.FAILED]
    assert len(found.rows) == 5 * 3
    assert [row.parameters["fast"] for row in failed] == [2, 2, 2, 6]
    assert all("too short" in row.error for row in failed[:3])
    assert "the worker died" in failed[3].error
    assert found.best.parameters["fast"] != 2


def test_nothing_done_is_an_error_with_the_first_words(
    hours: BarData, open_settings: BacktestSettings, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def mine(result):\n    return 'high'\n")
    settings = SearchSettings(tries=2, losses=(f"{bad}:mine",))
    with pytest.raises(DataError, match="expected a number from the loss"):
        search(Searched, hours, settings, open_settings)


def test_a_behind_try_is_given_up_and_counted(
    hours: BarData, open_settings: BacktestSettings, tmp_path: Path
) -> None:
    settings = SearchSettings(tries=30, batch=5, segments=3, pruner_start=5, sampler=Sampler.RANDOM)
    with TrialLedger(tmp_path / "trials") as ledger:
        found = search(Searched, hours, settings, open_settings, SearchPlace(ledger=ledger))
        count = ledger.count()
        again = search(Searched, hours, settings, open_settings)
    pruned = [row for row in found.rows if row.state is TryState.PRUNED and row.repeats < 0]
    assert pruned
    assert all(row.number >= 5 for row in pruned)
    assert count == sum(row.repeats < 0 for row in found.rows)
    assert told(again) == told(found)
    assert found.overfit.deflation.tries == count
    assert pruned[0].trial is not None
    assert pruned[0].trial.stop_ns < found.stop_ns


def test_every_try_is_counted_and_the_best_is_told_as_one_of_them(
    hours: BarData, open_settings: BacktestSettings, tmp_path: Path
) -> None:
    with TrialLedger(tmp_path / "trials") as ledger:
        place = SearchPlace(ledger=ledger, at_ns=7)
        first = search(Searched, hours, SMALL, open_settings, place)
        other = msgspec.structs.replace(SMALL, seed=8)
        second = search(Searched, hours, other, open_settings, place)
        made = sum(row.repeats < 0 for row in (*first.rows, *second.rows))
        assert ledger.count() == ledger.verify() == made
        assert ledger.families() == [("searched", "ABC/USDT@exchange 1h", made)]
    assert second.overfit.deflation.tries == made
    assert f"of {made} tries" in second.overfit.words
    assert 0.0 <= second.overfit.overfit_probability <= 1.0


def test_equal_sets_are_run_once(hours: BarData, open_settings: BacktestSettings) -> None:
    settings = SearchSettings(tries=40, batch=20, sampler=Sampler.RANDOM, spaces=("sell",))
    found = search(Searched, hours, settings, open_settings)
    repeated = [row for row in found.rows if row.repeats >= 0]
    assert len(found.rows) - len(repeated) == 4 * 2
    for row in repeated:
        first = found.rows[row.repeats]
        assert first.number < row.number
        assert first.repeats < 0
        assert (first.parameters, first.losses) == (row.parameters, row.losses)


def test_several_losses_give_a_front(hours: BarData, open_settings: BacktestSettings) -> None:
    settings = SearchSettings(
        tries=12, batch=6, losses=("only-profit", "max-drawdown"), sampler=Sampler.NSGA2
    )
    found = search(Searched, hours, settings, open_settings)
    front = found.front()
    assert front[0] == found.best
    for row in found.done:
        assert not any(
            row.losses[0] <= kept.losses[0]
            and row.losses[1] <= kept.losses[1]
            and row.losses != kept.losses
            for kept in front
        )


def test_the_vectorised_face_is_searched_too(
    hours: BarData, open_settings: BacktestSettings
) -> None:
    settings = msgspec.structs.replace(SMALL, face=Face.SIGNALS)
    one = search(Searched, hours, settings, open_settings)
    two = search(Searched, hours, settings, open_settings, SearchPlace(executor=ProcessExecutor(2)))
    assert told(two) == told(one)
    assert one.best.trial is not None
    assert one.best.trial.data_digest == hours.digest
    assert one.best.measures["total_trades"] > 0


def test_progress_is_told(hours: BarData, open_settings: BacktestSettings) -> None:
    seen: list[tuple[int, int, float]] = []
    place = SearchPlace(
        progress=lambda made, of, best: seen.append((made, of, best.losses[0] if best else 0.0))
    )
    found = search(Searched, hours, SMALL, open_settings, place)
    assert [one[:2] for one in seen] == [(5, 10), (10, 10)]
    assert seen[-1][2] == found.best.losses[0] <= seen[0][2]


def test_a_grid_larger_than_the_tries_is_refused(hours: BarData) -> None:
    with pytest.raises(ConfigurationError, match="the whole grid of 120 sets, found 10"):
        search(Searched, hours, SearchSettings(tries=10, sampler=Sampler.GRID))
