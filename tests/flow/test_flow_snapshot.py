"""Snapshots: exact, small, and refused when they are not of this run."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.side import Side
from undertow.flow import flow_snapshot
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.watch import WatchKind

Make = Callable[..., Any]
NEVER = 2**62


@pytest.mark.parametrize("messages", [0, 1, 300, 2000])
def test_a_round_trip_is_exact(messages: int, make_state: Make, random_rows: Make) -> None:
    rows, one, two = random_rows(7, messages), make_state(), make_state()
    one.watch(0, 1, WatchKind.TRAIL_LONG, 99_000, 5000)
    one.subscribe_bars(0, 60)
    i = 0
    while i < len(rows):
        i = one.advance(rows, i, len(rows), NEVER)
    two.restore(one.snapshot())
    assert two.snapshot() == one.snapshot()
    assert two[0].window(900) == one[0].window(900)
    assert two[1].bars(60, 999).tolist() == one[1].bars(60, 999).tolist()
    assert two[2].depth(Side.BUY, 99).tolist() == one[2].depth(Side.BUY, 99).tolist()
    assert (two[0].price_volume()[1] == one[0].price_volume()[1]).all()
    assert two.now_ns == one.now_ns


def test_restoring_replaces_everything(make_state: Make, random_rows: Make) -> None:
    rows, state = random_rows(8, 500), make_state()
    view, empty = state[0], state.snapshot()
    state.advance(rows, 0, len(rows), NEVER)
    assert view.last_ticks > 0
    state.restore(empty)
    assert view.last_ticks == state.now_ns == 0
    assert state.snapshot() == empty


def test_only_what_is_filled_is_saved(make_state: Make) -> None:
    assert len(make_state().snapshot()) < 10_000


def test_a_book_update_in_two_halves_survives(make_state: Make, random_rows: Make) -> None:
    rows = random_rows(9, 300)
    cut = next(i for i, row in enumerate(rows) if row["kind"] == 3 and i > 100)
    whole, first, second = make_state(), make_state(), make_state()
    whole.advance(rows, 0, len(rows), NEVER)
    assert first.advance(rows, 0, cut, NEVER) == cut
    second.restore(first.snapshot())
    second.advance(rows, cut, len(rows), NEVER)
    assert second.digest() == whole.digest()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: b"", "a snapshot"),
        (lambda data: data[:9], "a snapshot"),
        (lambda data: data[:-5], "whole arrays"),
        (lambda data: data + b"\0", "whole arrays"),
        (lambda data: data.replace(b"alpha", b"omega"), "expected Measures"),
        (lambda data: data[:8] + data[8:10].replace(b"\x03", b"\x04") + data[10:], "version"),
    ],
)
def test_foreign_bytes_are_refused(
    damage: Callable[[bytes], bytes], words: str, make_state: Make
) -> None:
    state = make_state()
    data = damage(bytes(state.snapshot()))
    assert data != state.snapshot()
    with pytest.raises(SnapshotCorrupt, match=words):
        state.restore(data)


def test_bytes_of_other_layouts_are_refused(
    make_state: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytes(make_state().snapshot())
    monkeypatch.setattr(flow_snapshot, "layout_digest", lambda arrays: "another")
    with pytest.raises(SnapshotCorrupt, match="record layouts"):
        make_state().restore(data)


def test_another_run_is_refused(make_state: Make, make_instrument: Make) -> None:
    data = bytes(make_state().snapshot())
    with pytest.raises(SnapshotCorrupt, match="same flow configuration"):
        make_state(FlowConfig(book_levels=9)).restore(data)
    table = InstrumentTable([make_instrument(MarketKind.SPOT, "alpha")])
    with pytest.raises(SnapshotCorrupt, match="expected 1 instruments, found 3"):
        FlowState(table, ["alpha", "beta"]).restore(data)
