"""Rows, the best, the front, and lines of JSON; the front by comparing each pair by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.backtest.reports.made_results import result as made

from undertow.backtest.result_trial import trial_of
from undertow.backtest.search.overfit_warning import overfit_warning
from undertow.backtest.search.search_result import (
    SearchResult,
    SearchRow,
    TryState,
    best_of,
    write_rows,
)
from undertow.domain.errors import DataError

TRIAL = trial_of(made(1_000.0 * np.cumprod(np.r_[1.0, [1.01, 0.99] * 5])), "search")
LOSSES = [(3.0, 1.0), (1.0, 3.0), (2.0, 2.0), (2.0, 3.0), (1.0, 3.0)]


def rows() -> list[SearchRow]:
    return [
        SearchRow(
            number=number,
            state=TryState.DONE,
            parameters={"fast": number},
            losses=losses,
            measures={"sharpe": float("nan")},
            trial=TRIAL,
        )
        for number, losses in enumerate(LOSSES)
    ]


def searched(*names: str) -> SearchResult:
    failed = SearchRow(
        number=5, state=TryState.FAILED, parameters={"fast": 9}, error="ValueError: no"
    )
    return SearchResult(
        strategy="cross",
        losses=names,
        spaces={"fast": "buy"},
        start_ns=0,
        stop_ns=1,
        seed=7,
        sampler="tpe",
        rows=(*rows(), failed),
        overfit=overfit_warning(TRIAL, [TRIAL], [TRIAL]),
    )


def test_the_best_and_the_front() -> None:
    assert searched("a", "b").best.number == 1
    assert [row.number for row in searched("a", "b").front()] == [1, 4, 2, 0]
    assert len(searched("a").front()) == 1
    assert len(searched("a").done) == 5


def test_no_best() -> None:
    with pytest.raises(DataError, match="the first: ValueError: no"):
        best_of(searched("a").rows[5:])


def test_a_line_for_each_try(tmp_path: Path) -> None:
    path = write_rows(searched("a", "b"), tmp_path / "new" / "rows.fthypt")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["loss"] for line in lines] == [3.0, 1.0, 2.0, 2.0, 1.0, None]
    assert lines[0]["losses"] == {"a": 3.0, "b": 1.0}
    assert lines[0]["metrics"] == {"sharpe": None}
    assert lines[5]["error"] == "ValueError: no"
