"""`undertow journal verify|show`: check every byte of a journal, or print what it says."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from undertow.cli.home import home_folder
from undertow.cli.newest_journal import find_journal
from undertow.cli.output import print_json
from undertow.domain.errors import ConfigurationError, JournalCorrupt, UnknownNameError
from undertow.domain.suggestion import did_you_mean

if TYPE_CHECKING:
    from undertow.timeline.journal import FrameKind
    from undertow.timeline.journal_check import JournalReport
    from undertow.timeline.journal_record import JournalRecord, RunStarted

ACTIONS = ("verify", "show")
SNAPSHOTS = "snapshots"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, the folder, and for `show` which records."""
    parser.add_argument("action", choices=ACTIONS, metavar="|".join(ACTIONS))
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="the journal folder (default: the newest)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--from", dest="first", type=int, metavar="SEQ", help="show: first frame")
    parser.add_argument("--to", dest="last", type=int, metavar="SEQ", help="show: last frame")
    parser.add_argument(
        "--kind", help="show: only this kind of frame (event, input, ...) or value (OrderPlaced)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="show: at most N records")
    parser.add_argument("--rows", action="store_true", help="show: market rows one by one")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    folder = find_journal(args.folder, home_folder())
    if args.action == "verify":
        return _verify(folder, as_json=args.json)
    return _show(folder, args)


def _verify(folder: Path, *, as_json: bool) -> int:
    from undertow.storage.journal_reader import verify_journal

    report = verify_journal(folder, anchors=_anchors(folder))
    if as_json:
        print_json({"journal": str(folder), **_report_data(report)})
    else:
        print(f"{folder}: {report.text}")
        print(f"last hash {report.last.chain.hex()}, {_ending(report)}")
    if not report.is_sound:
        raise JournalCorrupt(str(report.damages[0]))
    return 0


def _anchors(folder: Path) -> Iterator[Any]:
    # The session's snapshots note positions that its journal must still contain.
    snapshots = folder.parent.parent / SNAPSHOTS / folder.name
    if snapshots.is_dir():
        from undertow.storage.snapshot_files import SnapshotFiles

        yield from SnapshotFiles(snapshots).positions()


def _ending(report: "JournalReport") -> str:
    if report.torn is not None:
        return "ends torn"
    return "ends with the end of a run" if report.ended_cleanly else "the last run was cut off"


def _report_data(report: "JournalReport") -> dict[str, Any]:
    import msgspec

    return {
        "is_sound": report.is_sound,
        "segments": report.segments,
        "frames": report.frames,
        "bytes": report.bytes,
        "runs": report.runs,
        "last_sequence": report.last.sequence,
        "last_hash": report.last.chain.hex(),
        "ended_cleanly": report.ended_cleanly,
        "torn": msgspec.to_builtins(report.torn),
        "damages": msgspec.to_builtins(report.damages),
    }


def _show(folder: Path, args: argparse.Namespace) -> int:
    from undertow.cli.record_lines import as_data

    chosen = _chosen(folder, args)
    if args.json:
        items = (as_data(record, with_rows=args.rows) for record, _ in chosen)
        _print_array(items)
        return 0
    for record, started in chosen:
        _print_lines(record, started, with_rows=args.rows)
    return 0


def _print_lines(record: "JournalRecord", run: "RunStarted | None", *, with_rows: bool) -> None:
    import numpy as np

    from undertow.cli.record_lines import line, row_lines

    print(line(record))
    if with_rows and isinstance(record.value, np.ndarray):
        for text in row_lines(record.value, run):
            print(f"{'':>9} {text}")


def _print_array(items: Iterator[dict[str, Any]]) -> None:
    # One JSON document, an item a line, written as it is read: a journal may not fit in memory.
    separator = "["
    try:
        for item in items:
            sys.stdout.write(f"{separator}\n{json.dumps(item, ensure_ascii=False)}")
            separator = ","
    finally:
        sys.stdout.write("[]\n" if separator == "[" else "\n]\n")


def _chosen(
    folder: Path, args: argparse.Namespace
) -> Iterator[tuple["JournalRecord", "RunStarted | None"]]:
    from undertow.cli.record_lines import kind_of
    from undertow.storage.journal_reader import JournalReader
    from undertow.timeline.journal import FrameKind
    from undertow.timeline.journal_record import RunStarted

    first = max(1, args.first or 1)
    last = args.last if args.last is not None else 1 << 62
    if last < first:
        raise ConfigurationError(f"expected --to to be at least {first}, found {last}")
    frames, kind = _wanted(args.kind)
    run = _run_before(folder, first) if args.rows else None
    wanted = frames | {FrameKind.RUN_STARTED}
    left = args.limit if args.limit is not None else 1 << 62
    for record in JournalReader(folder).records(first - 1, wanted):
        if record.sequence > last or left <= 0:
            return
        if isinstance(record.value, RunStarted):
            run = record.value
        if record.kind in frames and (not kind or kind_of(record) == kind):
            left -= 1
            yield record, run


def _run_before(folder: Path, first: int) -> "RunStarted | None":
    from undertow.storage.journal_reader import JournalReader
    from undertow.timeline.journal import FrameKind
    from undertow.timeline.journal_record import RunStarted

    run: RunStarted | None = None
    if first > 1:
        for record in JournalReader(folder).records(0, {FrameKind.RUN_STARTED}):
            if record.sequence >= first:
                break
            assert isinstance(record.value, RunStarted)
            run = record.value
    return run


def _wanted(kind: str | None) -> tuple[set["FrameKind"], str]:
    # Which frames to read, and the name of the value when one was asked for.
    from undertow.cli.record_kinds import VALUE_KINDS
    from undertow.timeline.journal import FrameKind

    if kind is None:
        return set(FrameKind), ""
    frames = {frame.name.lower(): frame for frame in FrameKind}
    if kind.lower() in frames:
        return {frames[kind.lower()]}, ""
    values = {name.lower(): name for name in VALUE_KINDS}
    if kind.lower() in values:
        name = values[kind.lower()]
        return {VALUE_KINDS[name]}, name
    raise UnknownNameError(
        f"expected a kind of frame or value, found {kind!r};"
        f"{did_you_mean(kind, [*frames, *VALUE_KINDS])}"
    )
