import msgspec
import pytest

from undertow.cli.app_config import AppConfig, StrategyEntry
from undertow.cli.backtesting.backtest_job import Job, ProgressLine, run_job
from undertow.cli.backtesting.request import BacktestRequest


@pytest.fixture
def job() -> Job:
    request = BacktestRequest(
        strategies=(StrategyEntry("ema_cross"),), data="synthetic", pairs=("BTC/USDT",),
        duration_s=70,
    )  # fmt: skip
    return Job(request, AppConfig())


def test_a_job_is_a_function_of_itself(job: Job) -> None:
    first, second = run_job(job, "base"), run_job(job, "base")
    assert first.state_hash == second.state_hash
    assert first.fills == "base"
    assert first.elapsed_s > 0


def test_a_job_can_be_told_about(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    run_job(msgspec.structs.replace(job, is_told=True), "base")
    assert "base [" in capsys.readouterr().err


def test_a_progress_line_is_cleared(capsys: pytest.CaptureFixture[str]) -> None:
    line = ProgressLine("x")
    line.tell(5, 0.5)
    line.tell(6, 0.6)  # too soon to be told
    line.end()
    err = capsys.readouterr().err
    assert "50%" in err
    assert "60%" not in err
    assert err.endswith("\r")
