import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import SnapshotCorrupt
from undertow.timeline import snapshot as snapshots
from undertow.timeline.journal import JournalPosition
from undertow.timeline.snapshot import (
    Snapshot,
    decode_snapshot,
    encode_snapshot,
    snapshot_digest,
)

POSITION = JournalPosition(42, bytes(range(16)))


def _snapshot(**parts: bytes) -> Snapshot:
    return Snapshot(POSITION, 7, 3, parts)


@settings(deadline=None, derandomize=True)
@given(st.dictionaries(st.text(max_size=10), st.binary(max_size=100), max_size=6))
def test_round_trip(parts: dict[str, bytes]) -> None:
    assert decode_snapshot(encode_snapshot(Snapshot(POSITION, 7, 3, parts))) == Snapshot(
        POSITION, 7, 3, parts
    )


def test_equal_snapshots_have_equal_bytes() -> None:
    first, second = _snapshot(a=b"1", b=b"2"), _snapshot(b=b"2", a=b"1")
    assert encode_snapshot(first) == encode_snapshot(second)
    assert len(snapshot_digest(encode_snapshot(first))) == 64


def test_every_flipped_byte_and_every_cut_is_found() -> None:
    data = encode_snapshot(_snapshot(flow=b"x" * 50, ledger=b"y" * 30))
    for byte in range(len(data)):
        broken = bytearray(data)
        broken[byte] ^= 0x11
        for bad in (bytes(broken), data[:byte]):
            with pytest.raises(SnapshotCorrupt):
                decode_snapshot(bad)
    with pytest.raises(SnapshotCorrupt, match=r"expected \d+ bytes, found"):
        decode_snapshot(data + b"z")


def test_the_broken_part_is_named() -> None:
    data = encode_snapshot(_snapshot(flow=b"x" * 50, ledger=b"y" * 30))
    with pytest.raises(SnapshotCorrupt, match="part 'ledger': its 30 bytes"):
        decode_snapshot(data.replace(b"yyy", b"zzz", 1))


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_VERSION", 2)
    data = encode_snapshot(_snapshot())
    monkeypatch.undo()
    with pytest.raises(SnapshotCorrupt, match="version 1, found version 2"):
        decode_snapshot(data)
