"""Names and order of a journal's segment files, and how a new one comes to be."""

import re
from pathlib import Path

from undertow.storage.atomic_file import TEMPORARY_SUFFIX, sync_folder, write_atomically
from undertow.storage.disk_refusal import refusals
from undertow.timeline.journal import SegmentHeader, encode_header

_NAME = re.compile(r"(\d{8})\.journal")


def segment_path(folder: Path, number: int) -> Path:
    """Where segment `number` is, e.g. `00000001.journal`."""
    return folder / f"{number:08d}.journal"


def segment_paths(folder: Path) -> list[tuple[int, Path]]:
    """Numbers and files of the segments in a folder, ascending; other files are not looked at."""
    with refusals("read the journal folder", folder):
        matches = [(_NAME.fullmatch(path.name), path) for path in folder.iterdir()]
    return sorted((int(match[1]), path) for match, path in matches if match)


def create_segment(folder: Path, header: SegmentHeader) -> tuple[Path, bytes]:
    """A new segment file with its header, on disk under its name, and the header's bytes."""
    data = encode_header(header)
    path = segment_path(folder, header.segment)
    write_atomically(path, [data])
    return path, data


def remove_segments(folder: Path, paths: tuple[Path, ...]) -> None:
    """Remove segments that hold no frame, and what half-made ones a crash left."""
    leftovers = sorted(folder.glob(f"*.journal{TEMPORARY_SUFFIX}"))
    if not paths and not leftovers:
        return
    with refusals("remove an unfinished segment in", folder):
        for path in (*paths, *leftovers):
            path.unlink()
        sync_folder(folder)
