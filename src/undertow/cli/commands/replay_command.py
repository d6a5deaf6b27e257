"""`undertow replay`: recorded messages through the engine, or a journal run again and compared."""

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from undertow.cli.output import print_json, print_table
from undertow.cli.setup import add_config_arguments, layered
from undertow.domain.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from pathlib import Path

    from undertow.backtest.recorded_run import RecordedRun, SourceResult
    from undertow.cli.app_config import AppConfig

RECORDING_WALLET = {"USDT": "10000", "BTC": "1", "ETH": "10"}
"""What a venue of a recording starts with when the configuration says nothing of it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sources or a journal, and how to run them."""
    parser.add_argument(
        "sources", nargs="*", metavar="VENUE=FILE[,FILE...]",
        help="binance.spot, binance.usdm or binance.coinm and its recorded files, in order",
    )  # fmt: skip
    journal = "with sources: write the journal there; alone: run it again"
    parser.add_argument("--journal", metavar="DIR", help=journal)
    named = "strategy name or path/to/file.py:Class; repeatable"
    parser.add_argument("-s", "--strategy", action="append", metavar="NAME[:PRESET]", help=named)
    batch = "most rows the engine gets at once; the result is the same"
    parser.add_argument("--batch", type=int, default=0, metavar="N", help=batch)
    parser.add_argument("--seed", type=int, help="seed of the simulated latencies")
    parser.add_argument("--lenient", action="store_true", help="a truncated file is no failure")
    add_config_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Replay and print what came of it."""
    if args.sources:
        return _replay_sources(args)
    if args.journal:
        return _replay_journal(args)
    raise ConfigurationError("expected VENUE=FILE sources or --journal DIR, found neither")


def _replay_journal(args: argparse.Namespace) -> int:
    from pathlib import Path

    from undertow.cli.journal_rerun import rerun_journal

    result = rerun_journal(Path(args.journal))
    if args.json:
        print_json(result)
    else:
        print_table("replay", ["what", "value"], [[key, value] for key, value in result.items()])
    return 0 if result["identical"] else DataError.exit_code


def _replay_sources(args: argparse.Namespace) -> int:
    import numpy as np

    from undertow.backtest.recorded_run import RecordedRun, ReplaySettings
    from undertow.backtest.recording import open_recordings

    config = with_wallets(layered(args).build())
    started = time.perf_counter()
    recordings = open_recordings(args.sources, is_lenient=args.lenient)
    settings = ReplaySettings(config.run.seed, args.batch, config.engine, config.exchange)
    strategies = [entry.strategy() for entry in config.strategies]
    rng = np.random.default_rng(config.run.seed)
    record = None
    if args.journal:
        from pathlib import Path

        record = _journal(Path(args.journal), config, args.sources, recordings)
    replay = RecordedRun(recordings, strategies, settings, rng, record=record)
    failure = _drive(replay)
    if record is not None:
        _end(record, replay)
    result = _result(replay, time.perf_counter() - started)
    _print(args, result)
    if failure is not None:
        print(f"undertow: {failure}", file=sys.stderr)
        return failure.exit_code
    return 0


def _drive(replay: "RecordedRun") -> DataError | None:
    # What could be read counts; that it was not all is said at the end.
    try:
        replay.run()
    except DataError as error:
        return error
    return None


def with_wallets(config: "AppConfig") -> "AppConfig":
    """The configuration with starting money for the venue of the recordings, and for no other."""
    import msgspec

    from undertow.cli.app_config import RECORDED_VENUE

    wallets = {RECORDED_VENUE: config.engine.wallets.get(RECORDED_VENUE, RECORDING_WALLET)}
    engine = msgspec.structs.replace(config.engine, wallets=wallets)
    return msgspec.structs.replace(config, engine=engine)


def _journal(folder: "Path", config: "AppConfig", sources: list[str], recordings: Any) -> Any:
    from undertow import __version__
    from undertow.cli.app_config import journaled_text
    from undertow.live.paper_session import digest_of
    from undertow.storage.journal_files import JournalWriter
    from undertow.timeline.journal_record import RunStarted

    text = journaled_text(config)
    return JournalWriter(
        folder,
        RunStarted(
            run=1,
            started_ns=1,
            mode="replay",
            version=__version__,
            seed=config.run.seed,
            config_digest=digest_of(text),
            config=text,
            instruments=tuple(recordings.table),
            sources=tuple(text.partition("=")[0] for text in sources),
            strategies=tuple(entry.name for entry in config.strategies),
        ),
    )


def _end(record: Any, replay: "RecordedRun") -> None:
    from undertow.timeline.journal_record import RunEnded

    engine = replay.engine
    record.close(RunEnded(engine.now_ns, engine.state_hash(), "the recording was over", {}))


def _result(replay: "RecordedRun", elapsed_s: float) -> dict[str, Any]:
    from undertow.cli.summary import engine_summary

    sources = replay.sources()
    summary = engine_summary(replay.engine, elapsed_s)
    messages = sum(source.summary.messages for source in sources.values())
    summary.update(
        inputs=messages,
        sources={name: source_row(source) for name, source in sources.items()},
        events_per_s=round(messages / elapsed_s),
    )
    return summary


def source_row(source: "SourceResult") -> dict[str, Any]:
    """One source as JSON: the promised keys first, then everything else that is known."""
    import msgspec

    read, check = source.summary, source.book_check
    row: dict[str, Any] = {
        "messages": read.messages,
        "trades": read.trades,
        "buy_qty": read.buy_qty,
        "sell_qty": read.sell_qty,
        "book_updates": read.book_updates,
        "gaps": read.gaps,
        "clock_offset_ms": source.clock_offset_ms,
        "bars_1m": source.bars_1m,
        "book_check": msgspec.to_builtins(check),
        "late_trades": source.late_trades,
    }
    plain = msgspec.to_builtins(read)
    row.update({key: value for key, value in plain.items() if key not in row})
    return row


def _print(args: argparse.Namespace, result: dict[str, Any]) -> None:
    if args.json:
        print_json(result)
        return
    columns = ["messages", "trades", "buy_qty", "sell_qty"]
    columns += ["book_updates", "gaps", "clock_offset_ms", "bars_1m"]
    rows = [[name, *(row[key] for key in columns)] for name, row in result["sources"].items()]
    print_table("sources", ["source", *columns], rows)
    shown = {key: value for key, value in result.items() if key not in ("sources", "funnel")}
    print_table("replay", ["what", "value"], [[key, value] for key, value in shown.items()])
