"""What all flow measures cost live: 300 instruments, 20,000 messages a second, at their cadences.

A minute of a warm run in one thread, rows in batches of 5 ms. After each batch what is due is done
in the order in which it fell due, until 2 ms are spent; the rest waits for the next batch, so that
rows never wait for more than the longest single call. Calls of one cadence are spread over it.
Seconds are those of the thread's processor time, so that other work of the machine does not count.
"""

import gc
import time
from collections import deque

import numpy as np

from benchmarks.live_cadence import MEASURES, POSITIONS, Desk, Measure, Scope
from benchmarks.live_market import LIVE_NS, warm
from benchmarks.many_instruments import NEVER_NS, VENUES, S
from benchmarks.result import Result
from undertow.domain.bar import Bar
from undertow.domain.market_event import EventArray, EventKind
from undertow.flow.flow_state import FlowState

INSTRUMENTS = 300
ASSETS = INSTRUMENTS // len(VENUES)
MESSAGES = 20_000
SECONDS = 60
TICK_NS = 5_000_000
TICKS = SECONDS * S // TICK_NS
TURN_NS = 2_000_000

_COUNTS = {
    Scope.ALL: 1,
    Scope.INSTRUMENT: INSTRUMENTS,
    Scope.POSITION: POSITIONS,
    Scope.ASSET: ASSETS,
}


class LiveRun:
    """The minute, tick by tick; spent_ns and calls by the place of a measure in `MEASURES`."""

    def __init__(self, flow: FlowState, rows: EventArray) -> None:
        self.flow, self.rows = flow, rows
        self.desk = Desk(flow, tuple(f"C{i}" for i in range(ASSETS)))
        self.desk.seconds = [rows[:0]] * INSTRUMENTS
        self.spent_ns = [0] * len(MEASURES)
        self.calls = [0] * len(MEASURES)
        self.longest_ns = [0] * len(MEASURES)
        self.rows_ns = self.split_ns = 0
        self.delays_ns: list[int] = []
        self._due: deque[tuple[int, int]] = deque()
        self._plan = [_plan(measure) for measure in MEASURES]
        for index in range(INSTRUMENTS):
            for timeframe_s in (60, 300, 900):
                flow.subscribe_bars(index, timeframe_s)

    def run(self) -> float:
        """All of it; returns the processor seconds."""
        times = self.rows["receive_time_ns"]
        grid = int(times[0]) + TICK_NS * np.arange(1, TICKS + 1)
        edges = [0, *np.searchsorted(times, grid).tolist()]
        seconds = edges[:: S // TICK_NS]
        began, free_ns = time.thread_time_ns(), 0
        for tick in range(TICKS):
            start = time.thread_time_ns()
            ready_ns = tick * TICK_NS
            self._advance(edges[tick], edges[tick + 1])
            done = time.thread_time_ns()
            self.rows_ns += done - start
            free_ns = max(free_ns, ready_ns) + done - start
            self.delays_ns.append(free_ns - ready_ns)
            if (tick + 1) * TICK_NS % S == 0:
                second = (tick + 1) * TICK_NS // S
                self._split(self.rows[seconds[second - 1] : seconds[second]])
            self._fall_due(tick)
            self._work(done)
            free_ns += time.thread_time_ns() - done
        while self._due:
            self._work(time.thread_time_ns())
        return (time.thread_time_ns() - began) / 1e9

    def _advance(self, position: int, stop: int) -> None:
        closed: list[Bar] = []
        while position < stop:
            position = self.flow.advance(self.rows, position, stop, NEVER_NS)
            closed += self.flow.closed_bars()
        for place, measure in enumerate(MEASURES):
            if closed and measure.is_on_close:
                self._due += [
                    (place, b.instrument) for b in closed if b.timeframe_s == measure.every_s
                ]

    def _split(self, rows: EventArray) -> None:
        # The second's trades by instrument, for what reads trades itself.
        start = time.thread_time_ns()
        trades = rows[rows["kind"] == EventKind.TRADE]
        owners = trades["instrument"]
        trades = trades[np.argsort(owners, kind="stable")]
        edges = np.searchsorted(trades["instrument"], np.arange(INSTRUMENTS + 1)).tolist()
        self.desk.seconds = [trades[edges[i] : edges[i + 1]] for i in range(INSTRUMENTS)]
        self.split_ns += time.thread_time_ns() - start

    def _fall_due(self, tick: int) -> None:
        for place, plan in enumerate(self._plan):
            if plan:
                self._due += [(place, index) for index in plan[tick % len(plan)]]

    def _work(self, start: int) -> None:
        now = start
        while self._due and now - start < TURN_NS:
            place, index = self._due.popleft()
            MEASURES[place].call(self.desk, index)
            after = time.thread_time_ns()
            self.spent_ns[place] += after - now
            self.longest_ns[place] = max(self.longest_ns[place], after - now)
            self.calls[place] += 1
            now = after


def _plan(measure: Measure) -> list[list[int]]:
    # Who is asked at each tick of the measure's period; none for what waits for a bar.
    if measure.is_on_close:
        return []
    ticks = round(measure.every_s * S) // TICK_NS
    plan: list[list[int]] = [[] for _ in range(ticks)]
    count = _COUNTS[measure.scope]
    for index in range(count):
        plan[index * ticks // count].append(index)
    return plan


def measure() -> list[Result]:
    """Each measure's microseconds and share of a core, and the shares of all together."""
    flow, venues = warm(INSTRUMENTS)
    rows = venues.busy(MESSAGES * SECONDS, LIVE_NS, LIVE_NS + SECONDS * S, 9)
    run = LiveRun(flow, rows)
    run.desk.load(rows[: MESSAGES // 10])
    gc.collect()
    gc.freeze()  # as a live process does once it has started: else collections take milliseconds
    spent_s = run.run()
    gc.unfreeze()
    alone = run.rows_ns / 1e7 / SECONDS
    split = run.split_ns / 1e7 / SECONDS
    results = [_share("flow state alone, rows in batches of 5 ms", alone, "")]
    results.append(_share("trades of each second split by instrument", split, "for VPIN and bars"))
    total = alone + split
    for place, one in enumerate(MEASURES):
        each_us = run.spent_ns[place] / max(run.calls[place], 1) / 1e3
        share = each_us * _COUNTS[one.scope] / one.every_s / 1e4
        total += share
        results.append(
            Result(
                f"{one.name} ({one.rows})" if one.rows else one.name, each_us,
                run.longest_ns[place] / 1e3, "us", "",
                f"{share:.2f} % of a core: {one.scope}"
                f" {'at the close of' if one.is_on_close else 'every'} {one.every_s:g} s;"
                f" {run.calls[place]:,} calls; median column: the longest",
            )
        )  # fmt: skip
    results.append(_share("all flow measures live, by cadence", total, "<= 30 %"))
    ran = spent_s / SECONDS * 100.0
    results.append(_share("the minute as it ran, a full quarter of an hour in it", ran, ""))
    return [*results, _delay(run)]


def _share(what: str, share: float, budget: str) -> Result:
    note = "300 instruments, 100 assets, 20,000 messages/s"
    return Result(what, share, share, "% of a core", budget, note)


def _delay(run: LiveRun) -> Result:
    delays = sorted(run.delays_ns)
    late, middle = delays[-len(delays) // 1_000] / 1e3, delays[len(delays) // 2] / 1e3
    return Result(
        "a batch of 5 ms ready to applied, measures between: 99.9 % within, half within", late,
        middle, "us", "", f"worst {delays[-1] / 1e3:,.0f} us; one thread for rows and measures",
    )  # fmt: skip
