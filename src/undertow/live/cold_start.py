"""The first start on a machine: kernels are compiled on two cores instead of one.

Compiling takes most of a first start. The kernels of the market and of the bundled strategies are
compiled by a process of their own into the cache on disk while this one compiles flow and matching;
then they are only loaded. Later starts find the cache and do nothing here.
"""

import subprocess
import sys
from typing import Any, cast

import numpy as np

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.domain.money import Money
from undertow.flow.flow_state import FlowState
from undertow.flow.watch import WatchKind
from undertow.indicators.hurst import Hurst
from undertow.indicators.mean_reversion_strength import mean_reversion_strength
from undertow.indicators.return_autocorrelation import return_autocorrelation
from undertow.indicators.trend import adx
from undertow.indicators.trend_structure import trend_structure
from undertow.indicators.volatility import atr
from undertow.kernels.flow.advance import advance
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket

LONGEST_S = 120


def is_cold() -> bool:
    """Whether the flow kernel has yet to be compiled here; False where nothing can be kept."""
    kernel = cast(Any, advance)
    return bool(kernel.is_kept and not kernel.is_on_disk)


def compile_kernels() -> None:
    """Compile both halves side by side; quick when they are in the cache."""
    command = [sys.executable, "-c", "from undertow.live.cold_start import others; others()"]
    other = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own code
    try:
        compile_flow()
        compile_matching()
        other.wait(LONGEST_S)
    finally:
        if other.poll() is None:
            # Not fatal: what is missing in the cache is compiled here when it is needed.
            other.kill()
            other.wait()


def others() -> None:
    """The half of the process beside this one."""
    compile_market()
    compile_indicators()
    compile_readings()


def compile_flow() -> None:
    """Have the flow kernels compiled by one trade."""
    FlowState(_table(), ["nowhere.perp"]).advance(_trade(), 0, 1, 2**63 - 1)


def compile_matching() -> None:
    """Have the matching kernels compiled by one trade."""
    exchange = Exchange(
        "nowhere", _table(), ExchangeConfig(), np.random.default_rng(0), [Money.of("1", "USDT")]
    )
    exchange.advance(_trade(), 10**9)


def compile_market() -> None:
    """Have the kernels of the synthetic market compiled by its first block."""
    SyntheticMarket(MarketConfig(), np.random.default_rng(0)).next_block()


def compile_readings() -> None:
    """Have the kernels that Python reads the flow with compiled, on a flow without rows."""
    flow = FlowState(_table(), ["nowhere.perp"])
    flow.watch(0, 1, WatchKind.TRAIL_LONG, 100, 1_000)
    flow.advance_clock(10**9)
    flow[0].bars(1, 1)
    flow[0].cvd_base()


def compile_indicators() -> None:
    """Have the kernels that regimes are read with compiled by a rising price."""
    price = np.linspace(100.0, 101.0, 64)
    adx(price, price, price)
    atr(price, price, price)
    mean_reversion_strength(price, 50)
    trend_structure(price, price, 3)
    Hurst(50).batch(price)
    return_autocorrelation(price, 50)


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
