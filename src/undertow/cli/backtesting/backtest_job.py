"""One run of a request under one fill preset: what a worker process does."""

import sys
import time

import msgspec

from undertow.backtest.library import run_result
from undertow.backtest.result import BacktestResult
from undertow.backtest.run import BacktestRun
from undertow.cli.app_config import AppConfig
from undertow.cli.backtesting.call_limit import CallLimit
from undertow.cli.backtesting.chosen_strategies import chosen_strategies
from undertow.cli.backtesting.market_source import open_market
from undertow.cli.backtesting.request import BacktestRequest
from undertow.simulator.fill_preset import Fills

_TELL_EVERY_S = 0.2


class Job(msgspec.Struct, frozen=True):
    """What is needed to run anywhere. is_told: a progress line on standard error."""

    request: BacktestRequest
    config: AppConfig
    is_told: bool = False


def run_job(job: Job, fills: str) -> BacktestResult:
    """Open the data, run the strategies, measure the time."""
    request = job.request
    strategies = chosen_strategies(request).strategies
    market = open_market(request, job.config)
    settings = msgspec.structs.replace(request.settings, fills=Fills(fills))
    limit = CallLimit(request.call_limit_s)
    line = ProgressLine(fills) if job.is_told else None

    def progress(rows: int, share: float) -> None:
        limit.moved()
        if line is not None:
            line.tell(rows, share)

    run = BacktestRun(strategies, market.data, settings)
    started = time.perf_counter()
    with limit.armed():
        run.run(progress)
    elapsed_s = time.perf_counter() - started
    if line is not None:
        line.end()
    return msgspec.structs.replace(run_result(run), elapsed_s=elapsed_s)


class ProgressLine:
    """One line on standard error, told anew a few times a second."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._started = time.monotonic()
        self._told = 0.0

    def tell(self, rows: int, share: float) -> None:
        """How far it is; most calls do nothing."""
        now = time.monotonic()
        if now - self._told < _TELL_EVERY_S:
            return
        self._told = now
        filled = round(20 * share)
        rate = rows / max(now - self._started, 1e-9)
        bar = "#" * filled + "-" * (20 - filled)
        sys.stderr.write(f"\r{self._name} [{bar}] {share:4.0%} {rows:,} rows, {rate:,.0f}/s ")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave a clean line."""
        if self._told:
            sys.stderr.write("\r" + " " * 78 + "\r")
            sys.stderr.flush()
