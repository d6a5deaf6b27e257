"""Our side of the jobs, each in a process of its own: prints one line `RESULT {json}`.

`python -m benchmarks.peers.our_jobs W1-signals --data DIR --symbols 1`
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import undertow
from undertow import Bar, Context, Side, Signal, Signals, Sma, Strategy
from undertow.domain.fixed import Step
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.kernels.quoting.desk import (
    best_ask,
    best_bid,
    cancel,
    is_open,
    order_side,
    order_ticks,
    position,
    post,
)
from undertow.kernels.quoting.quoter import kernel
from undertow.timeline.market_data import DataFidelity, DataNote

CASH, TRADES_CASH = 10_000.0, 50.0
STEP_NS, LATENCY_NS = 100_000_000, 5_000_000
BLOCK = 1 << 18
OHLCV = ("open", "high", "low", "close", "volume")


class SmaCross(Strategy):
    """Long while the fast average is above the slow one, flat while below; both faces."""

    fast: int = 20
    slow: int = 60

    def indicators(self) -> dict[str, Any]:
        """The two averages."""
        return {"fast": Sma(self.fast), "slow": Sma(self.slow)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        """The first face."""
        fast, slow = ctx["fast"], ctx["slow"]
        if ctx.position is None:
            return ctx.enter(Side.BUY) if fast > slow else None
        return ctx.exit("below") if fast < slow else None

    def signals(self, bars: Any) -> Signals:
        """The second face."""
        fast, slow = bars["fast"], bars["slow"]
        return Signals(long_entry=fast > slow, long_exit=fast < slow)


@kernel
def two_sided(desk, now_ns, state):  # type: ignore[no-untyped-def]  # pragma: no cover
    """One tick behind the touch on both sides, 0.1 each, at most 2.0 long or short."""
    bid = best_bid(desk) - 1
    ask = best_ask(desk) + 1
    may_buy = position(desk) < 2_000
    may_sell = position(desk) > -2_000
    has_bid = False
    has_ask = False
    for slot in range(8):
        side = order_side(desk, slot)
        if side > 0 and may_buy and order_ticks(desk, slot) == bid:
            has_bid = True
        elif side < 0 and may_sell and order_ticks(desk, slot) == ask:
            has_ask = True
        elif side != 0 and is_open(desk, slot):
            cancel(desk, slot)
    if may_buy and not has_bid and bid > 0:
        post(desk, 1, bid, 100)
    if may_sell and not has_ask and ask > 1:
        post(desk, -1, ask, 100)


class HeldRows:
    """Rows in memory as market data."""

    def __init__(self, instrument: Instrument, rows: EventArray, fidelity: DataFidelity) -> None:
        self.table = InstrumentTable([instrument])
        self.sources = (f"{instrument.venue}.spot",)
        self.fidelity = fidelity
        self.rows = rows
        times = rows["receive_time_ns"]
        self.span_ns = int(times[0]), int(times[-1]) + 1
        self.digest = f"{len(rows)}"
        self.notes: tuple[DataNote, ...] = ()

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        """In blocks."""
        first, last = np.searchsorted(self.rows["receive_time_ns"], [start_ns, stop_ns])
        for place in range(first, last, BLOCK):
            yield self.rows[place : min(place + BLOCK, last)]


def arrays(folder: Path, name: str) -> dict[str, np.ndarray]:
    """One input file."""
    with np.load(folder / f"{name}.npz") as kept:
        return {key: kept[key] for key in kept.files}


def spot(tick: str, lot: str = "0.00000001") -> Instrument:
    """The instrument of the bar and trade jobs."""
    fees = FeeSchedule(1_000, 1_000)
    steps = Step.of(tick), Step.of(lot)
    return Instrument("A/USDT", "x", "A", MarketKind.SPOT, "A", "USDT", "USDT", *steps, fees=fees)


def w1_signals(args: argparse.Namespace) -> dict[str, Any]:
    """SMA cross on minutes by the vectorised face, indicators and the whole result included."""
    from undertow.backtest.instrument_bars import InstrumentBars
    from undertow.backtest.signal_run import run_signals
    from undertow.decision.bar_columns import BarColumns

    files = [arrays(args.data, f"bars_{k:02d}") for k in range(args.symbols)]
    rules = frictionless("all")

    def job() -> Any:
        sources = [
            InstrumentBars(spot("0.01"), BarColumns(one["ts"], {n: one[n] for n in OHLCV}))
            for one in files
        ]
        return run_signals(SmaCross(), sources, rules, starting_balance=CASH * len(files)).result()

    found, wall, cpu = timed(job, args.repeats)
    events = sum(len(one["ts"]) for one in files)
    return row("undertow signals", events, wall, cpu, found, rules="next/full")


def w1_callbacks(args: argparse.Namespace) -> dict[str, Any]:
    """SMA cross on minutes through the engine, a Python handler at every bar."""
    from undertow.backtest.bar_data import bar_data

    found, events, wall, cpu = [], 0, 0.0, 0.0
    for k in range(args.symbols):
        one = arrays(args.data, f"bars_{k:02d}")
        columns = {"date": one["ts"], **{name: one[name] for name in OHLCV}}
        data = bar_data(columns, spot("0.01"), timeframe="1m")
        events += len(one["ts"])
        result, seconds, spent = timed(partial(engine_run, data, CASH), 1)
        found.append(result)
        wall, cpu = wall + seconds, cpu + spent
    line = row("undertow callbacks", events, wall, cpu, found[0], rules="next/0.99")
    line["result"] = {
        "equity": sum(one.final_balance for one in found),
        "fills": sum(one.counts.fills for one in found),
    }
    return line


def w2_signals(args: argparse.Namespace) -> dict[str, Any]:
    """10 M trades, bars made of them, the same strategy by the vectorised face."""
    from undertow.backtest.signal_run import run_signals

    data: Any = HeldRows(spot("0.1"), trade_rows(args.data), DataFidelity.TRADES)
    rules = frictionless("share:0.99")

    def job() -> Any:
        run = run_signals(SmaCross(), data, rules, starting_balance=TRADES_CASH)
        return run, run.result()

    (run, found), wall, cpu = timed(job, args.repeats)
    line = row("undertow signals", len(data.rows), wall, cpu, found, rules="next trade/0.99")
    # The peers mark at the last trade, we at the close of the last whole bar.
    account, last = run.runs[0].account, data.rows["price_ticks"][-1] / 10
    line["result"]["equity"] = float(account["cash"] + account["qty"] * last)
    return line


def w2_callbacks(args: argparse.Namespace) -> dict[str, Any]:
    """10 M trades through the engine, a Python handler at every bar it makes of them."""
    data = HeldRows(spot("0.1"), trade_rows(args.data), DataFidelity.TRADES)
    found, wall, cpu = timed(lambda: engine_run(data, TRADES_CASH), 1)
    return row("undertow callbacks", len(data.rows), wall, cpu, found, rules="25 ms later/0.99")


def w3_kernel(args: argparse.Namespace) -> dict[str, Any]:
    """Two-sided quoting on 5 M depth and trade events by a compiled quoter."""
    from undertow.backtest.quoter_run import QuoterRun
    from undertow.simulator.exchange_config import ExchangeConfig
    from undertow.simulator.latency import ConstantLatency
    from undertow.simulator.queue_model import QueueModel

    given = arrays(args.data, "l2")
    rows = book_events(given)
    perp = Instrument(
        "B/USDT:USDT", "x", "B", MarketKind.LINEAR, "B", "USDT", "USDT",
        Step.of("0.1"), Step.of("0.001"), fees=FeeSchedule(0, 0),
    )  # fmt: skip
    config = ExchangeConfig(
        queue_model=QueueModel(args.queue),
        feed_latency=ConstantLatency(args.feed_ns),
        order_latency=ConstantLatency(LATENCY_NS),
        response_latency=ConstantLatency(0),
    )
    first = int(given["exch_ts"][0]) // STEP_NS * STEP_NS + 10 * STEP_NS

    def job() -> QuoterRun:
        run = QuoterRun(two_sided, perp, config, every_ns=STEP_NS, first_wake_ns=first)
        run.push(rows)
        run.finish()
        return run

    run, wall, cpu = timed(job, args.repeats)
    line = row(f"undertow kernel, {args.queue}", len(given["px"]), wall, cpu, None)
    bid, ask = run.touch
    gain = (run.cash_tick_lots + run.signed_lots * (bid + ask) / 2) / 10_000
    line["result"] = {
        "equity": round(gain, 6), "fills": len(run.fills), "position": run.signed_lots / 1000,
        "submits": run.counts.orders, "cancels": run.counts.cancels, "wakes": run.counts.wakes,
    }  # fmt: skip
    return line


def w6_sweep(args: argparse.Namespace) -> dict[str, Any]:
    """1,000 pairs of averages on one symbol-year."""
    from undertow.backtest.instrument_bars import InstrumentBars
    from undertow.backtest.signal_sweep import sweep_signals
    from undertow.decision.bar_columns import BarColumns

    one = arrays(args.data, "bars_00")
    pairs = [{"fast": f, "slow": s} for s in range(50, 300, 10) for f in range(5, 45)]
    rules = frictionless("all")

    def job(sets: list[dict[str, int]]) -> Any:
        bars = BarColumns(one["ts"], {name: one[name] for name in OHLCV})
        source = InstrumentBars(spot("0.01"), bars)
        return sweep_signals(
            SmaCross, source, sets, rules, starting_balance=CASH, jobs=args.threads
        )

    job(pairs[:2])
    found, wall, cpu = timed(lambda: job(pairs), 1, warm=False)
    line = row("undertow sweep", len(pairs), wall, cpu, None)
    line["result"] = {
        "best": float(found.final.max()),
        "best_pair": list(found.parameters[found.best()].values()),
        "sum_log": float(np.log(found.final / CASH).sum()),
        "trips": int(found.trades.sum()),
    }
    return line


JOBS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "W1-signals": w1_signals,
    "W1-callbacks": w1_callbacks,
    "W2-signals": w2_signals,
    "W2-callbacks": w2_callbacks,
    "W3-kernel": w3_kernel,
    "W6-sweep": w6_sweep,
}


def frictionless(stake: str) -> Any:
    """The jobs' rules: a fee of 0.1 %, nothing else."""
    from undertow.backtest.signal_rules import SignalRules
    from undertow.backtest.signal_stake import SignalStake
    from undertow.simulator.slippage import Slippage

    return SignalRules(
        stake=SignalStake.of(stake), slippage=Slippage(0, 0, 0), half_spread_ppm=0,
        is_on_grid=False,
    )  # fmt: skip


def engine_run(data: Any, cash: float) -> Any:
    """The strategy's callbacks through the engine under the same rules, on the grid of lots."""
    return undertow.backtest(
        SmaCross(), data, starting_balance=cash, fills="optimistic", is_research=True,
        stake="unlimited", tradable_ratio=0.99, fee=(0.001, 0.001),
        exchange={"participation_ppm": 1_000_000},
    )  # fmt: skip


def trade_rows(folder: Path) -> EventArray:
    """The trades as rows."""
    given = arrays(folder, "trades")
    rows = np.zeros(len(given["ts"]), EVENT)
    rows["kind"] = EventKind.TRADE
    rows["event_time_ns"] = rows["receive_time_ns"] = given["ts"]
    rows["side"] = given["side"]
    rows["price_ticks"] = np.rint(given["price"] * 10)
    rows["qty_lots"] = np.rint(given["size"] * 1e8)
    rows["sequence"] = np.arange(1, len(rows) + 1)
    return rows


def book_events(given: dict[str, np.ndarray]) -> EventArray:
    """Depth changes of one message become one update; trades stand before it."""
    is_depth = given["kind"] == 0
    message = np.concatenate([[0], np.cumsum(given["last"][:-1] == 1)])
    is_new = np.concatenate([[True], (message[1:] != message[:-1]) | ~is_depth[:-1]])
    is_last = np.concatenate([(message[1:] != message[:-1]) | ~is_depth[1:], [True]])
    begins, ends = is_depth & is_new, is_depth & is_last
    place = np.arange(len(is_depth)) + np.cumsum(begins) + np.cumsum(ends) - ends
    rows = np.zeros(len(is_depth) + int(begins.sum() + ends.sum()), EVENT)
    kinds = np.where(is_depth, EventKind.BOOK_LEVEL, EventKind.TRADE)
    parts = (
        (place, kinds, slice(None)),
        (place[begins] - 1, EventKind.BOOK_BEGIN, begins),
        (place[ends] + 1, EventKind.BOOK_END, ends),
    )
    for where, kind, chosen in parts:
        rows["kind"][where] = kind
        rows["event_time_ns"][where] = given["exch_ts"][chosen]
        rows["receive_time_ns"][where] = given["local_ts"][chosen]
    rows["side"][place] = given["side"]
    rows["price_ticks"][place] = np.rint(given["px"] * 10)
    rows["qty_lots"][place] = np.rint(given["qty"] * 1000)
    rows["flags"][int(np.argmax(rows["kind"] == EventKind.BOOK_BEGIN))] = 1
    return rows


def timed(job: Callable[[], Any], repeats: int, *, warm: bool = True) -> tuple[Any, float, float]:
    """The job's answer and the medians of wall and CPU seconds, after one run that compiles."""
    walls, cpus, found = [], [], job() if warm else None
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        found = job()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return found, float(np.median(walls)), float(np.median(cpus))


def row(
    engine: str, events: int, wall: float, cpu: float, found: Any, **more: Any
) -> dict[str, Any]:
    """One line of output."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {} if found is None else {"equity": found.final_balance, "fills": found.counts.fills}
    return {
        "engine": engine, "version": undertow.__version__, "events": events,
        "wall_s": wall, "cpu_s": cpu, "rss_mb": peak, "child_rss_mb": 0.0, "result": result, **more,
    }  # fmt: skip


def main(given: list[str]) -> None:
    """Run one job."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("job", choices=sorted(JOBS))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--symbols", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--feed-ns", type=int, default=0)
    parser.add_argument("--queue", default="risk_averse")
    args = parser.parse_args(given)
    print("RESULT " + json.dumps(JOBS[args.job](args)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
