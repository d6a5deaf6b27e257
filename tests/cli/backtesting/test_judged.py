"""Counting tries and looking for bias, without a command around them."""

from pathlib import Path

import msgspec
import pytest
from tests.backtest.reports.made_results import result

from undertow.cli.app_config import AppConfig
from undertow.cli.backtesting.judged import LEDGER, counted, looked, recounted
from undertow.cli.backtesting.request import BacktestRequest
from undertow.domain.errors import ConfigurationError
from undertow.storage.trial_ledger import TrialLedger

RESULT = result(
    [1_000.0 + i + (i % 7) for i in range(60)],
    settings={"strategy": {"name": "cross", "fast": 3}},
)


def test_every_try_is_written_down_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNDERTOW_HOME", str(tmp_path))
    assert (counted(RESULT).tries, counted(RESULT).tries) == (1, 2)
    other = msgspec.structs.replace(RESULT, settings={"strategy": {"name": "cross", "fast": 4}})
    assert (counted(other).tries, counted(other).distinct) == (3, 2)
    again = recounted(RESULT)
    assert (again.tries, again.distinct) == (4, 2)
    with TrialLedger(tmp_path / LEDGER) as ledger:
        assert ledger.verify() == 4


def test_looks_are_asked_for_by_name() -> None:
    request = BacktestRequest(strategies=(), data="synthetic")
    assert looked(request, AppConfig(), RESULT, "none") is None
    failed = msgspec.structs.replace(RESULT, failures=("it fails",))
    assert looked(request, AppConfig(), failed, "quick") is None
    with pytest.raises(ConfigurationError, match="did you mean 'quick'"):
        looked(request, AppConfig(), RESULT, "quik")
