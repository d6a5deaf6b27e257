"""From the receipt of one book update to having read its OFI, one update at a time from Python.

Told twice: by the thread's processor time, which other work of the machine does not blur, and by
the clock, which it does. Recorded messages are taken where the recorded market data is beside the
project: bytes, codec, flow, OFI.
"""

import gc
import gzip
import re
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.live_market import LIVE_NS, warm
from benchmarks.many_instruments import NEVER_NS, S, feed
from benchmarks.result import Result
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventKind
from undertow.flow.flow_state import FlowState
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.instruments import decode_exchange_info
from undertow.venues.binance.market import BinanceMarket

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "cryptofeed"
FILES = {BinanceMarket.USDM: "BINANCE_FUTURES", BinanceMarket.COINM: "BINANCE_DELIVERY"}
SNAPSHOT = re.compile(rb"\S+symbol=(\w+)\S* -> ([\d.]+): (.*)")
LEVELS_S = 10
PASSES = 6


class Stopwatch:
    """Delays by both clocks, in nanoseconds."""

    def __init__(self) -> None:
        self.thread_ns: list[int] = []
        self.clock_ns: list[int] = []
        self.restart()

    def restart(self) -> None:
        """Something arrives."""
        self._clock, self._thread = time.perf_counter_ns(), time.thread_time_ns()

    def stop(self) -> None:
        """What it leads to is known."""
        self.thread_ns.append(time.thread_time_ns() - self._thread)
        self.clock_ns.append(time.perf_counter_ns() - self._clock)

    def result(self, what: str) -> Result:
        """99.9 % and half of them by processor time; by the clock in the note."""
        thread, clock = sorted(self.thread_ns), sorted(self.clock_ns)
        late = len(thread) - 1 - len(thread) // 1_000
        return Result(
            f"{what}: 99.9 % within, half within", thread[late] / 1e3,
            thread[len(thread) // 2] / 1e3, "us", "<= 1,000 us",
            f"{len(thread):,} updates; by the clock {clock[late] / 1e3:,.0f} us and"
            f" {clock[len(clock) // 2] / 1e3:,.0f} us; worst {thread[-1] / 1e3:,.0f} us",
        )  # fmt: skip


def measure() -> list[Result]:
    """Delays of synthetic updates over 300 instruments, and of recorded messages."""
    flow, venues = warm(300)
    rows = venues.busy(20_000 * 2, LIVE_NS, LIVE_NS + 2 * S, 6)
    best, levels = Stopwatch(), Stopwatch()
    begins = (rows["kind"] == EventKind.BOOK_BEGIN).nonzero()[0].tolist()
    gc.collect()
    gc.freeze()
    position = 0
    for place, begin in enumerate(begins):
        feed(flow, rows[position:begin])
        one, view = rows[begin : begin + 3], flow[int(rows["instrument"][begin])]
        watch = best if place % 2 else levels
        watch.restart()
        flow.advance(one, 0, 3, NEVER_NS)
        _read(view, is_best=bool(place % 2))
        watch.stop()
        position = begin + 3
    results = [
        best.result("OFI at the best of a book update after its receipt, 300 instruments"),
        levels.result("OFI of ten levels, the same"),
    ]
    if RECORDED.is_dir():
        results += [recorded(market) for market in FILES]
    gc.unfreeze()
    return results


def _read(view: InstrumentFlow, *, is_best: bool) -> None:
    if is_best:
        view.ofi_lots(1)
    else:
        view.multi_level_ofi(LEVELS_S)


def recorded(market: BinanceMarket) -> Result:
    """Half a minute of depth messages from bytes to both OFIs, several times over."""
    with gzip.open(RECORDED / f"{FILES[market]}.0.gz") as file:
        body = file.readline().partition(b": ")[2]
    listings = decode_exchange_info(market, body).listings
    table = [each.on_printed_grid for each in listings]
    lines = sorted(_lines(market), key=lambda line: line[0])
    watch = Stopwatch()
    for _ in range(PASSES):
        codec = BinanceCodec(market, dict(enumerate(table)))
        flow = FlowState(InstrumentTable(table), ["binance"])
        for stamp, message in lines:
            watch.restart()
            rows = codec.decode([message], [int(stamp * 1e9)])
            if not len(rows):
                continue
            flow.advance(rows, 0, len(rows), NEVER_NS)
            view = flow[int(rows["instrument"][-1])]
            view.ofi_lots(1)
            view.multi_level_ofi(LEVELS_S)
            if rows["kind"][-1] == EventKind.BOOK_END and not message.startswith(b'{"symbol"'):
                watch.stop()
    return watch.result(f"recorded depth messages of Binance {market.value}, bytes to OFI")


def _lines(market: BinanceMarket) -> Iterator[tuple[float, bytes]]:
    # Messages and snapshots with the time of their receipt.
    with gzip.open(RECORDED / f"{FILES[market]}.http.0.0.gz") as file:
        for line in file:
            if found := SNAPSHOT.match(line):
                yield float(found[2]), b'{"symbol":"' + found[1] + b'",' + found[3][1:]
    with gzip.open(RECORDED / f"{FILES[market]}.ws.1.0.gz") as file:
        for line in file:
            stamp, _, text = line.partition(b": ")
            if re.fullmatch(rb"[\d.]+", stamp):
                yield float(stamp), text.rstrip()
