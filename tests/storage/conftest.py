"""Runs, frames and failing disks for the tests of storage."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.storage.append_file import AppendFile
from undertow.timeline.journal_record import RunStarted


@pytest.fixture
def table() -> InstrumentTable:
    def one(venue: str, kind: MarketKind, symbol: str) -> Instrument:
        return Instrument(
            symbol=symbol,
            venue=venue,
            raw_symbol="BTCUSDT",
            kind=kind,
            base="BTC",
            quote="USDT",
            settle="USDT",
            price_step=Step(1, 1),
            qty_step=Step(1, 3),
        )

    return InstrumentTable(
        [
            one("binance", MarketKind.LINEAR, "BTC/USDT:USDT"),
            one("binance", MarketKind.SPOT, "BTC/USDT"),
            one("bybit", MarketKind.LINEAR, "BTC/USDT:USDT"),
        ]
    )


@pytest.fixture
def make_run(table: InstrumentTable) -> Callable[[int], RunStarted]:
    def make(run: int) -> RunStarted:
        return RunStarted(
            run=run,
            started_ns=1_000 * run,
            mode="paper",
            version="0",
            seed=1,
            config_digest="d",
            config="mode: paper",
            instruments=tuple(table),
            sources=("binance", "bybit"),
            strategies=("cascade",),
        )

    return make


@pytest.fixture
def make_trades() -> Callable[[int], EventArray]:
    def make(count: int) -> EventArray:
        rows = np.zeros(count, EVENT)
        rows["kind"] = 1
        rows["side"] = 1
        rows["receive_time_ns"] = 1_700_000_000_000_000_000 + np.arange(count) * 1_000
        rows["event_time_ns"] = rows["receive_time_ns"] - 500
        rows["sequence"] = np.arange(count) + 1
        rows["price_ticks"] = 600_000
        rows["qty_lots"] = 5
        return rows

    return make


class FullDisk(AppendFile):
    """A file on a disk that has room for `room` more bytes and then says so, or fails to sync."""

    room = 1 << 40
    is_failing_sync = False

    def write(self, data: bytes | bytearray) -> None:
        room = type(self).room
        super().write(data[:room])
        type(self).room -= min(room, len(data))
        if len(data) > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def sync(self) -> None:
        if type(self).is_failing_sync:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().sync()


@pytest.fixture
def full_disk() -> type[FullDisk]:
    class Fresh(FullDisk):
        pass

    return Fresh


def _mount(folder: Path, options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    _mount(folder, "size=256k")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that refuses new files: by its mode, or for root by a read-only file system."""
    folder = tmp_path / "frozen"
    folder.mkdir()
    if os.geteuid():
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
    else:
        _mount(folder, "size=4k,ro")
        yield folder
        subprocess.run(["umount", "-l", str(folder)], check=True)
