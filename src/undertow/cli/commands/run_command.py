"""`undertow run`: paper trading on the embedded market."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from undertow.cli.duration import seconds_of
from undertow.cli.output import print_json, print_table
from undertow.cli.setup import add_config_arguments, layered

if TYPE_CHECKING:
    from undertow.cli.app_config import AppConfig
    from undertow.live.paper_run import PaperPlan, PaperRun

INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The switches of a run."""
    add_config_arguments(parser)
    parser.add_argument("--speed", help='market seconds per wall second, or "max"')
    parser.add_argument(
        "--for", dest="duration", metavar="TIME", help="market time to run, e.g. 60s"
    )
    parser.add_argument("--seed", type=int, help="seed of the embedded market and its latencies")
    parser.add_argument("--warm-up", dest="warm_up_s", type=int, metavar="SECONDS",
                        help="market time before trading starts")  # fmt: skip
    parser.add_argument("-s", "--strategy", action="append", metavar="NAME[:PRESET]",
                        help="strategy name or path/to/file.py:Class; repeatable")  # fmt: skip
    parser.add_argument("--headless", action="store_true", help="no terminal view")
    parser.add_argument(
        "--fresh", action="store_true", help="put the old session aside, start anew"
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def run(args: argparse.Namespace) -> int:
    """Run until the time is over or Ctrl-C; print a summary."""
    import time

    from undertow.cli.home import home_folder
    from undertow.cli.logs import start_logs

    config = layered(args).build()
    paper = _paper_run(args, config)
    _take_signals()
    stop_logs = start_logs(home_folder() / "logs", config.logs)
    started = time.monotonic()
    try:
        _announce_cold_start(args)
        paper.open(_progress(args))
        _say(args, paper.notes)
        opened = time.monotonic()
        rows_before = paper.session.engine.memory.counters.rows
        _drive(args, paper)
        summary = _summary(paper, time.monotonic() - opened, rows_before)
        summary["startup_s"] = round(opened - started, 3)
    except BaseException:
        paper.abandon()
        raise
    finally:
        stop_logs()
    if args.json:
        print_json(summary)
    else:
        _print_summary(summary)
    return INTERRUPTED if paper.is_interrupted else 0


def _paper_run(args: argparse.Namespace, config: "AppConfig") -> "PaperRun":
    from undertow.cli.home import home_folder
    from undertow.live.paper_run import PaperRun
    from undertow.live.wall_clock import WallClock

    strategies = [entry.strategy() for entry in config.strategies]
    return PaperRun(_plan(args, config), strategies, home_folder(), WallClock())


def _plan(args: argparse.Namespace, config: "AppConfig") -> "PaperPlan":
    from undertow import __version__
    from undertow.cli.app_config import journaled_text
    from undertow.cli.duration import speed_of
    from undertow.live.paper_run import PaperPlan
    from undertow.live.paper_session import PaperSettings

    return PaperPlan(
        settings=PaperSettings(
            seed=config.run.seed,
            warm_up_s=config.run.warm_up_s,
            market=config.market,
            exchange=config.exchange,
            engine=config.engine,
        ),
        config=journaled_text(config),
        version=__version__,
        speed=speed_of(config.run.speed),
        duration_s=seconds_of(args.duration) if args.duration else None,
        is_fresh=args.fresh,
        checkpoint_every_s=config.journal.checkpoint_every_s,
        segment_bytes=config.journal.segment_mib << 20,
        keep_snapshots=config.journal.keep_snapshots,
        is_recorded=config.journal.record,
    )


def _drive(args: argparse.Namespace, paper: "PaperRun") -> None:
    import asyncio

    if args.headless or args.json or not sys.stdout.isatty():
        asyncio.run(paper.run())
    else:
        from undertow.cli.terminal_view import run_with_view

        asyncio.run(run_with_view(paper))
    _take_signals()
    paper.close("interrupted" if paper.is_interrupted else "its time was over")


def _take_signals() -> None:
    # While the event loop has no hand on them: SIGTERM is what Ctrl-C is, and SIGUSR1 leaves the
    # kill switch's file for the loop to find.
    import signal
    import threading

    from undertow.cli.home import home_folder
    from undertow.live.kill_switch_file import KILL_SWITCH_FILE, KillSwitchFile

    def leave_file(*_: object) -> None:
        switch = KillSwitchFile(home_folder() / KILL_SWITCH_FILE, is_engaged=False)
        switch.engage("signal", "SIGUSR1")

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.signal(signal.SIGUSR1, leave_file)


def _summary(paper: "PaperRun", elapsed_s: float, rows_before: int) -> dict[str, Any]:
    from undertow.cli.summary import engine_summary

    summary = engine_summary(paper.session.engine, elapsed_s, rows_before)
    summary["seed"] = paper.plan.settings.seed
    summary["run"] = paper.session.engine.ids.run
    summary["journal"] = str(paper.home.journal)
    summary["notes"] = paper.notes
    summary["interrupted"] = paper.is_interrupted
    return summary


def _announce_cold_start(args: argparse.Namespace) -> None:
    from undertow.live.cold_start import is_cold

    if is_cold() and not args.json:
        print("undertow: first start here, compiling (about 15 s)", file=sys.stderr)


def _progress(args: argparse.Namespace) -> Any:
    # One line that is written over; nothing for programs.
    if args.json or not sys.stderr.isatty():
        return None

    def show(share: float) -> None:
        sys.stderr.write(f"\rwarming up on the embedded market: {share:4.0%} ")
        if share >= 1.0:
            sys.stderr.write("\r" + " " * 60 + "\r")
        sys.stderr.flush()

    return show


def _say(args: argparse.Namespace, notes: list[str]) -> None:
    if not args.json:
        for note in notes:
            print(f"undertow: {note}", file=sys.stderr)


def _print_summary(summary: dict[str, Any]) -> None:
    shown = {key: value for key, value in summary.items() if key not in ("funnel", "notes")}
    print_table("run", ["what", "value"], [[key, value] for key, value in shown.items()])
