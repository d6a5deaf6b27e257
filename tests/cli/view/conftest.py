"""What the view remembers after a look at the runs."""

from typing import Any

import pytest

from undertow.cli.view.view_state import RunGauges, ViewState
from undertow.domain.time import NS_PER_S


def looked(run: Any) -> ViewState:
    state = ViewState(run.engine, lambda: RunGauges(journal_frames=120, journal_durable=118))
    state.sample(run.engine, NS_PER_S, run.recent)
    state.sample(run.engine, 2 * NS_PER_S, run.recent)
    return state


@pytest.fixture
def open_state(open_run: Any) -> ViewState:
    """After a look at the run with open positions."""
    return looked(open_run)


@pytest.fixture
def small_state(small_run: Any) -> ViewState:
    """After a look at the run that was killed."""
    return looked(small_run)
