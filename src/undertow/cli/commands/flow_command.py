"""`undertow flow`: an asset's order flow, live on the embedded market, on recordings, or still."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from undertow.cli.duration import seconds_of, speed_of
from undertow.cli.output import print_json
from undertow.cli.setup import add_config_arguments, layered
from undertow.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from undertow.cli.app_config import AppConfig
    from undertow.cli.flow_view.chosen_symbol import ChosenSymbol
    from undertow.cli.flow_view.flow_feed import FlowFeed

INTERRUPTED = 130
STILL_S = 60.0
"""Market time of a still of the embedded market after its warm-up, unless it is given."""

_FRAMES_PER_S = 4.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to show, of what, and how."""
    named = "an asset or instrument: BTC, BTC/USDT, BTC/USDT:USDT@venue"
    parser.add_argument("symbol", metavar="SYMBOL", help=named)
    recording = "replay recorded messages instead; repeatable"
    parser.add_argument(
        "--recording", action="append", default=[], metavar="VENUE=FILE[,FILE...]", help=recording
    )
    parser.add_argument("--journal", metavar="DIR", help="replay the market rows of a journal")
    parser.add_argument("--lenient", action="store_true", help="a truncated file is no failure")
    parser.add_argument("--for", dest="duration", metavar="TIME", help="market time, e.g. 60s")
    parser.add_argument("--speed", help='market seconds per wall second, or "max"')
    parser.add_argument("--seed", type=int, help="seed of the embedded market")
    parser.add_argument(
        "--warm-up", dest="warm_up_s", type=int, metavar="SECONDS",
        help="time of the embedded market before the first frame",
    )  # fmt: skip
    parser.add_argument("--once", action="store_true", help="print one frame at the end")
    parser.add_argument("--json", action="store_true", help="print the numbers of that frame")
    parser.add_argument("--png", metavar="DIR", help="write the figures as images")
    parser.add_argument("--html", metavar="DIR", help="write the figures as pages")
    add_config_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Show it until the rows or the time are over; then write what was asked for."""
    from undertow.cli.flow_view.chosen_symbol import chosen_symbol

    if args.recording and args.journal:
        raise ConfigurationError("expected --recording or --journal, found both")
    _require_drawing(args)
    config = layered(args).build()
    feed = _feed(args, config)
    chosen = chosen_symbol(feed.table, args.symbol)
    is_embedded = not args.recording and not args.journal
    warm_up_s = float(config.run.warm_up_s) if is_embedded else 0.0
    _run_until(feed, warm_up_s)
    is_still = args.once or args.json or not sys.stdout.isatty()
    duration_s = seconds_of(args.duration) if args.duration else None
    if duration_s is None and is_embedded and is_still:
        duration_s = STILL_S
    until_s = None if duration_s is None else warm_up_s + duration_s
    if is_still:
        _run_until(feed, until_s)
        is_interrupted = False
    else:
        is_interrupted = _watch(feed, chosen, speed_of(config.run.speed), until_s)
    _print(args, feed, chosen)
    _write_plots(args, feed, chosen)
    if feed.failure is not None:
        print(f"undertow: {feed.failure}", file=sys.stderr)
        return feed.failure.exit_code
    return INTERRUPTED if is_interrupted else 0


def _require_drawing(args: argparse.Namespace) -> None:
    # What is missing is said before the run, not after it.
    from undertow.plot.extra import drawing_library

    if args.png:
        drawing_library("matplotlib")
    if args.html:
        drawing_library("plotly")


def _feed(args: argparse.Namespace, config: "AppConfig") -> "FlowFeed":
    from pathlib import Path

    from undertow.cli.flow_view.flow_feed import journal_feed, recording_feed, synthetic_feed

    if args.recording:
        return recording_feed(args.recording, config, is_lenient=args.lenient)
    return journal_feed(Path(args.journal)) if args.journal else synthetic_feed(config)


def _run_until(feed: "FlowFeed", until_s: float | None) -> None:
    while until_s is None or feed.passed_s < until_s:
        if not feed.take():
            return


def _watch(
    feed: "FlowFeed", chosen: "ChosenSymbol", speed: float | None, until_s: float | None
) -> bool:
    # Draws a few times a second; returns whether Ctrl-C ended it.
    import time

    from rich.live import Live

    began, begun_s = time.monotonic(), feed.passed_s
    try:
        with Live(screen=True, auto_refresh=False) as live:
            while until_s is None or feed.passed_s < until_s:
                frame_ends = time.monotonic() + 1.0 / _FRAMES_PER_S
                target_s = None if speed is None else begun_s + (frame_ends - began) * speed
                if not _take_frame(feed, frame_ends, target_s, until_s):
                    break
                width, height = live.console.size
                live.update(_screen(feed, chosen, width, height), refresh=True)
                time.sleep(max(0.0, frame_ends - time.monotonic()))
    except KeyboardInterrupt:
        return True
    return False


def _take_frame(
    feed: "FlowFeed", frame_ends: float, target_s: float | None, until_s: float | None
) -> bool:
    import time

    limits = [limit for limit in (target_s, until_s) if limit is not None]
    while time.monotonic() < frame_ends and (not limits or feed.passed_s < min(limits)):
        if not feed.take():
            return False
    return True


def _screen(feed: "FlowFeed", chosen: "ChosenSymbol", width: int, height: int) -> Any:
    from undertow.cli.flow_view.flow_report import flow_report
    from undertow.cli.flow_view.flow_screen import FlowScreen
    from undertow.cli.main import DISCLAIMER

    footer = f"Ctrl-C ends it.  {DISCLAIMER}" if height else DISCLAIMER
    return FlowScreen(flow_report(feed.state, chosen), feed.name, footer, width, height)


def _print(args: argparse.Namespace, feed: "FlowFeed", chosen: "ChosenSymbol") -> None:
    # After a live view too: the last frame stays on the terminal.
    if args.json:
        from undertow.cli.flow_view.flow_report import flow_report, report_json

        report = report_json(flow_report(feed.state, chosen))
        print_json({"origin": feed.name, "rows": feed.rows, **report})
    else:
        from rich.console import Console

        console = Console()
        console.print(_screen(feed, chosen, console.width, 0), end="")


def _write_plots(args: argparse.Namespace, feed: "FlowFeed", chosen: "ChosenSymbol") -> None:
    if not args.png and not args.html:
        return
    from undertow.cli.flow_view.flow_plots import write_plots

    folders = [_folder(name) for name in (args.png, args.html)]
    written, lacking = write_plots(feed.state, chosen, *folders)
    print(f"undertow: wrote {len(written)} figures", file=sys.stderr)
    for name, reason in lacking.items():
        print(f"undertow: no figure {name}: {reason}", file=sys.stderr)


def _folder(name: str | None) -> "Path | None":
    from pathlib import Path

    return Path(name) if name else None
