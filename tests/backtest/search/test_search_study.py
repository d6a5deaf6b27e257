"""The study keeps rows whole: what is told is what is read, from memory and from a journal."""

import math
from pathlib import Path

import numpy as np
from tests.backtest.reports.made_results import result
from tests.backtest.search.search_strategies import Searched

from undertow.backtest.result_trial import trial_of
from undertow.backtest.search.search_result import SearchRow, TryState
from undertow.backtest.search.search_settings import SearchSettings
from undertow.backtest.search.search_space import search_space
from undertow.backtest.search.search_study import SearchStudy, same_values

SPACE = search_space(Searched)
TRIAL = trial_of(result(1_000.0 * np.cumprod(np.r_[1.0, [1.01, 0.99] * 5])), "search")


def test_rows_are_told_and_read_again(tmp_path: Path) -> None:
    journal = tmp_path / "deep" / "journal"
    study = SearchStudy(SPACE, SearchSettings(pruner_start=0), "one", journal)
    told = []
    for proposal, state in zip(study.propose(3), TryState, strict=True):
        row = SearchRow(
            number=proposal.number,
            state=state,
            parameters=proposal.values,
            losses=() if state is TryState.FAILED else (1.5,),
            measures={} if state is TryState.FAILED else {"sharpe": 2.0, "calmar": float("nan")},
            error="ValueError: no" if state is TryState.FAILED else "",
            trial=None if state is TryState.FAILED else TRIAL,
        )
        study.tell(proposal, row)
        told.append(row)
    again = SearchStudy(SPACE, SearchSettings(pruner_start=0), "one", journal)
    assert again.count() == 3
    for row, kept in zip(told, again.rows(), strict=True):
        assert (kept.number, kept.state, kept.losses) == (row.number, row.state, row.losses)
        assert (kept.parameters, kept.error) == (row.parameters, row.error)
        if row.trial is not None and kept.trial is not None:
            assert kept.trial.identity == row.trial.identity
            assert kept.trial.returns.tolist() == row.trial.returns.tolist()
            assert math.isnan(kept.measures["calmar"])
            assert kept.measures["sharpe"] == 2.0


def test_the_median_decides_who_is_behind() -> None:
    study = SearchStudy(SPACE, SearchSettings(pruner_start=2), "one")
    for loss, proposal in zip((1.0, 3.0, 2.0), study.propose(3), strict=True):
        assert not study.is_behind(proposal, loss, 0)
        row = SearchRow(
            number=proposal.number,
            state=TryState.DONE,
            parameters=proposal.values,
            losses=(loss,),
        )
        study.tell(proposal, row)
    good, bad = study.propose(2)
    assert not study.is_behind(good, 1.9, 0)
    assert study.is_behind(bad, 2.1, 0)


def test_equal_sets_in_another_order() -> None:
    assert same_values({"a": 1, "b": "x"}) == same_values({"b": "x", "a": 1})
