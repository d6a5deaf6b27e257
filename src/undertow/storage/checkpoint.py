"""Taking a checkpoint of a running engine and finding the one to restart from (DATA-04).

A checkpoint is a snapshot of the state after a journal frame that is on disk. A restart takes the
newest sound snapshot whose frame is in the journal, restores it, and applies the frames after it:
nothing is lost and nothing is applied twice.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from undertow.domain.errors import DataError
from undertow.storage.journal_reader import JournalReader
from undertow.storage.journal_writer import JournalWriter
from undertow.storage.snapshot_files import SkippedSnapshot, SnapshotFiles
from undertow.timeline.journal import JournalPosition
from undertow.timeline.journal_record import JournalRecord, SnapshotTaken
from undertow.timeline.snapshot import PartBytes, Snapshot


def take_checkpoint(
    journal: JournalWriter,
    snapshots: SnapshotFiles,
    parts: Mapping[str, PartBytes],
    *,
    run: int,
    at_ns: int,
) -> SnapshotTaken:
    """Put the state after the last appended frame on disk and note it in the journal.

    parts: what each owner's `snapshot()` gave, by its name, taken after that frame was applied.
    """
    journal.sync()
    taken = snapshots.save(Snapshot(journal.position, at_ns, run, parts))
    journal.append_snapshot_taken(taken)
    return taken


class Restart(msgspec.Struct, frozen=True):
    """Where to begin: restore `snapshot` if there is one, then apply `records()`.

    `skipped` tells which newer snapshots could not be used, and why.
    """

    snapshot: Snapshot | None
    skipped: tuple[SkippedSnapshot, ...]
    journal: Path

    @property
    def after_sequence(self) -> int:
        """The last frame that the snapshot already contains."""
        return 0 if self.snapshot is None else self.snapshot.position.sequence

    def records(self) -> Iterator[JournalRecord]:
        """The frames to apply, in order; raises `JournalCorrupt` where the journal is damaged."""
        return JournalReader(self.journal).records(self.after_sequence)


def find_restart(journal: Path, snapshots: SnapshotFiles) -> Restart:
    """Choose the snapshot to restart from: whole, and of a frame that the journal holds."""
    end = JournalReader(journal).last_position()
    latest = snapshots.latest(not_after=end)
    snapshot, skipped = latest.snapshot, latest.skipped
    if snapshot is not None and snapshot.position.sequence:
        _check_frame(journal, snapshot.position)
    return Restart(snapshot, skipped, journal)


def _check_frame(journal: Path, position: JournalPosition) -> None:
    found = JournalReader(journal).position_at(position.sequence)
    if found != position:
        raise DataError(
            f"the snapshot of sequence {position.sequence} belongs to another journal than "
            f"{journal}: expected hash {position.chain.hex()}, found {found.chain.hex()}"
        )
