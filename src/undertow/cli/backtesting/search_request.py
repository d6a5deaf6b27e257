"""From the switches of `undertow hyperopt` and `undertow walk-forward` to a search."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from undertow.backtest.executor import Executor, SerialExecutor, worker_count
from undertow.backtest.process_executor import ProcessExecutor
from undertow.backtest.sealed_data import SealedData, sealed_from
from undertow.backtest.search.samplers import Sampler
from undertow.backtest.search.search import SearchPlace
from undertow.backtest.search.search_result import SearchRow
from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.backtest.settings import BacktestSettings
from undertow.cli.app_config import AppConfig, StrategyEntry
from undertow.cli.backtesting.judged import LEDGER
from undertow.cli.backtesting.market_source import open_market
from undertow.cli.backtesting.request import request_of
from undertow.cli.home import home_folder
from undertow.cli.setup import layered
from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.simulator.fill_preset import Fills
from undertow.storage.trial_ledger import TrialLedger
from undertow.timeline.market_data import MarketData


class SearchRequest(msgspec.Struct, frozen=True):
    """One strategy, its data, and what is to be searched. held_from_ns: where the part of the data
    begins that the search does not see, 0 = nothing is held out.
    """

    entry: StrategyEntry
    data: MarketData
    settings: BacktestSettings
    search: SearchSettings
    config: AppConfig
    held_from_ns: int = 0


def search_request(args: argparse.Namespace) -> SearchRequest:
    """What the command line asks for; raises `ConfigurationError` for what cannot be meant."""
    config = layered(args).build()
    request = request_of(args, config)
    if len(request.strategies) != 1 or len(request.fills) != 1:
        raise ConfigurationError(
            f"expected one strategy and one preset of fills, found {len(request.strategies)} and "
            f"{len(request.fills)}"
        )
    data: MarketData = open_market(request, config).data
    held_from_ns = 0
    if share := getattr(args, "holdout", 0.0):
        held_from_ns = sealed_from(data, share)
        data = SealedData(data, held_from_ns)
    return SearchRequest(
        entry=request.strategies[0],
        data=data,
        settings=msgspec.structs.replace(request.settings, fills=Fills(request.fills[0])),
        search=SearchSettings(
            tries=args.epochs,
            losses=tuple(args.hyperopt_loss),
            sampler=_named(Sampler, args.sampler, "--sampler"),
            seed=args.random_state,
            batch=args.batch,
            spaces=tuple(args.spaces),
            segments=args.segments,
            least_trades=args.min_trades,
            face=_named(Face, args.face, "--face"),
        ),
        config=config,
        held_from_ns=held_from_ns,
    )


@contextmanager
def search_place(args: argparse.Namespace, journal: Path | None = None) -> Iterator[SearchPlace]:
    """Processes, the trial ledger of the home folder, and a progress line for a terminal."""
    jobs = worker_count(args.jobs, os.cpu_count() or 1)
    executor: Executor = ProcessExecutor(jobs) if jobs > 1 else SerialExecutor()
    folder = home_folder()
    folder.mkdir(parents=True, exist_ok=True)
    is_told = not args.json and sys.stderr.isatty()
    with TrialLedger(folder / LEDGER) as ledger:
        yield SearchPlace(
            executor=executor,
            ledger=ledger,
            at_ns=time.time_ns(),
            journal=journal,
            progress=_tell if is_told else None,
        )
    if is_told:
        sys.stderr.write("\r" + " " * 78 + "\r")


def _tell(made: int, asked: int, best: SearchRow | None) -> None:
    found = f"best loss {best.losses[0]:.6g}" if best is not None else "none done yet"
    sys.stderr.write(f"\r{made} of {asked} tries, {found}   ")
    sys.stderr.flush()


def _named(kind: Any, text: str, switch: str) -> Any:
    known = [one.value for one in kind]
    if text not in known:
        raise ConfigurationError(
            f"expected {switch} of {', '.join(known)}, found {text!r};{did_you_mean(text, known)}"
        )
    return kind(text)
