"""Snapshots on disk: written atomically, the last few kept, the newest sound one used."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.storage.atomic_file import TEMPORARY_SUFFIX, sync_folder, write_atomically
from undertow.storage.disk_refusal import refusals
from undertow.timeline.journal import JournalPosition
from undertow.timeline.journal_record import SnapshotTaken
from undertow.timeline.snapshot import (
    Snapshot,
    decode_snapshot,
    encode_snapshot,
    snapshot_digest,
)

_NAME = re.compile(r"(\d{16})\.snapshot")


class SkippedSnapshot(msgspec.Struct, frozen=True):
    """A snapshot file that could not be used, and why."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"skipped snapshot {self.path.name}: {self.reason}"


class LatestSnapshot(msgspec.Struct, frozen=True):
    """The newest usable snapshot, None when there is none, and the newer ones passed over."""

    snapshot: Snapshot | None
    skipped: tuple[SkippedSnapshot, ...]


class SnapshotFiles:
    """A folder of snapshots named by the journal sequence they belong to.

    keep: how many are kept, at least 1; an older one is removed only when a newer is on disk.
    """

    def __init__(self, folder: Path, keep: int = 3) -> None:
        if keep < 1:
            raise ConfigurationError(f"expected to keep at least 1 snapshot, found {keep}")
        self._folder = folder
        self._keep = keep
        with refusals("create the snapshot folder", folder):
            folder.mkdir(parents=True, exist_ok=True)

    def save(self, snapshot: Snapshot) -> SnapshotTaken:
        """Put a snapshot on disk and answer with what the journal should say about it.

        Sync the journal through `snapshot.position` first: a snapshot of frames that a crash can
        still take away would not fit the journal. Raises `StorageUnavailable`; the older
        snapshots are then as they were.
        """
        data = encode_snapshot(snapshot)
        path = self._folder / f"{snapshot.position.sequence:016d}.snapshot"
        write_atomically(path, [data])
        self._remove_old()
        return SnapshotTaken(snapshot.at_ns, snapshot.position.sequence, snapshot_digest(data))

    def latest(self, not_after: JournalPosition | None = None) -> LatestSnapshot:
        """The newest snapshot that is whole, and not after the journal's end when that is given."""
        skipped: list[SkippedSnapshot] = []
        for path in reversed(self._paths()):
            try:
                snapshot = self._load(path, not_after)
            except SnapshotCorrupt as error:
                skipped.append(SkippedSnapshot(path, str(error)))
            else:
                return LatestSnapshot(snapshot, tuple(skipped))
        return LatestSnapshot(None, tuple(skipped))

    def positions(self) -> Iterator[JournalPosition]:
        """Where the snapshots that are whole belong, oldest first: anchors for `verify_journal`."""
        for path in self._paths():
            try:
                yield self._load(path, None).position
            except SnapshotCorrupt:
                continue

    def _load(self, path: Path, not_after: JournalPosition | None) -> Snapshot:
        with refusals("read", path):
            snapshot = decode_snapshot(path.read_bytes())
        named = int(path.name.partition(".")[0])
        if snapshot.position.sequence != named:
            raise SnapshotCorrupt(
                f"expected the snapshot of sequence {named}, found {snapshot.position.sequence}"
            )
        if not_after is not None and named > not_after.sequence:
            raise SnapshotCorrupt(
                f"it is of sequence {named}, but the journal ends at {not_after.sequence}"
            )
        return snapshot

    def _paths(self) -> list[Path]:
        with refusals("read the snapshot folder", self._folder):
            return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _remove_old(self) -> None:
        with refusals("remove old snapshots in", self._folder):
            leftovers = sorted(self._folder.glob(f"*.snapshot{TEMPORARY_SUFFIX}"))
            old = [*self._paths()[: -self._keep], *leftovers]
            for path in old:
                path.unlink()
            if old:
                sync_folder(self._folder)
