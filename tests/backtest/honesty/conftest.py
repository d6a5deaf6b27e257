"""The short form of the study, run once for all tests of it."""

import numpy as np
import pytest

from undertow.backtest.executor import SerialExecutor
from undertow.backtest.honesty.honesty_plan import QUICK
from undertow.backtest.honesty.honesty_study import HonestyResults, run_study


@pytest.fixture(scope="session")
def quick() -> HonestyResults:
    answered = run_study(QUICK, SerialExecutor(), np.empty(0))
    return HonestyResults(
        date="2026-01-01",
        machine="a machine",
        version="0",
        minutes=1.0,
        plan=QUICK,
        jobs=answered.jobs,
        planned=answered.planned,
        recorded=0,
        cases=answered.cases,
    )
