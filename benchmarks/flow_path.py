"""Trades and depth through the flow path: flow state alone, and the engine with a strategy."""

from benchmarks.machine import peak_mib
from benchmarks.result import Result, per_second
from benchmarks.synthetic_trades import book_deltas, table, trades
from undertow import Bar, Context, Ema, Strategy
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.flow.flow_state import FlowState
from undertow.timeline.run_ids import RunIds

TRADES = 10_000_000
NEVER_NS = 2**63 - 1


class Watcher(Strategy):
    """Two averages and their crossing at every bar; it never trades."""

    def indicators(self) -> dict[str, Ema]:
        """Both averages."""
        return {"fast": Ema(12), "slow": Ema(26)}

    def on_bar(self, ctx: Context, bar: Bar) -> None:
        """Look which way they crossed."""
        ctx.cross("fast", "slow")


CONFIG = EngineConfig(wallets={"aster": {"USDT": "10000"}}, review_every_s=60, least_candle_s=0)


def measure() -> list[Result]:
    """10 M trades over 7 days with 1-minute wakes, then depth updates of 5 levels."""
    rows = trades(TRADES)

    def flow_alone() -> object:
        flow = FlowState(table(), ["aster.perp"])
        flow.subscribe_bars(0, 60)
        position, bars = 0, 0
        while position < len(rows):
            position = flow.advance(rows, position, len(rows), NEVER_NS)
            bars += len(flow.closed_bars())
        return bars

    def engine() -> object:
        made = Engine(CONFIG, table(), ["aster.perp"], [Watcher()], RunIds(1))
        position = 0
        while position < len(rows):
            position = made.advance(rows, position, len(rows))
            made.drain()
        return made.memory.counters.decisions

    results = [
        per_second(
            "trades through flow, a wake per 1m bar", TRADES, flow_alone,
            repeats=3, budget=">= 20 M/s", note="10 M trades, 7 days, 10,080 bars",
        ),
        per_second(
            "trades through the engine, a strategy per 1m bar", TRADES, engine,
            repeats=3, budget=">= 20 M/s", note="two EMAs and their crossing at every bar",
        ),
    ]  # fmt: skip
    updates = 200_000
    depth = book_deltas(updates)

    def books() -> object:
        flow = FlowState(table(), ["aster.perp"])
        flow.advance(depth, 0, len(depth), NEVER_NS)
        return flow[0].bid_ticks

    results.append(per_second("depth updates of 5 levels through flow", updates, books, repeats=3))
    results.append(
        Result("peak memory of this process", peak_mib(), peak_mib(), "MiB", "", "640 MB of rows")
    )
    return results
