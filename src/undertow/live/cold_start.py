"""The first start on a machine: kernels are compiled on two cores instead of one.

Compiling takes most of a first start. The matching kernels are compiled by a process of their own
into the cache on disk while this one compiles the rest; then they are only loaded. Later starts
find the cache and do nothing here.
"""

import subprocess
import sys
from pathlib import Path

import numba
import numpy as np

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.money import Money
from undertow.flow.flow_state import FlowState
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig

LONGEST_S = 120


def is_cold() -> bool:
    """Whether no kernel of this version has been compiled here yet."""
    # The folder is made when a kernel is declared, its index when the kernel is compiled.
    return not any(Path(vars(numba.config)["CACHE_DIR"]).rglob("*.nbi"))


def compile_kernels() -> None:
    """Compile flow and matching side by side; quick when both are in the cache."""
    code = "from undertow.live.cold_start import compile_matching; compile_matching()"
    command = [sys.executable, "-c", code]
    other = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own code
    try:
        compile_flow()
        other.wait(LONGEST_S)
    finally:
        if other.poll() is None:
            # Not fatal: what is missing in the cache is compiled here when it is needed.
            other.kill()
            other.wait()


def compile_flow() -> None:
    """Have the flow kernels compiled by one trade."""
    FlowState(_table(), ["nowhere.perp"]).advance(_trade(), 0, 1, 2**63 - 1)


def compile_matching() -> None:
    """Have the matching kernels compiled by one trade."""
    exchange = Exchange(
        "nowhere", _table(), ExchangeConfig(), np.random.default_rng(0), [Money.of("1", "USDT")]
    )
    exchange.advance(_trade(), 10**9)


def _table() -> InstrumentTable:
    one = Instrument(
        "BTC/USDT:USDT", "nowhere", "BTCUSDT", MarketKind.LINEAR, "BTC", "USDT", "USDT",
        Step.of("0.1"), Step.of("0.001"),
    )  # fmt: skip
    return InstrumentTable([one])


def _trade() -> EventArray:
    rows = np.zeros(1, EVENT)
    rows["event_time_ns"] = rows["receive_time_ns"] = 10**8
    rows["kind"], rows["side"] = EventKind.TRADE, 1
    rows["price_ticks"], rows["qty_lots"], rows["sequence"] = 100, 1, 1
    return rows
