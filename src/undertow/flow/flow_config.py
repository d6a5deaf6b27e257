"""Numbers of the flow state that users may change."""

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_S
from undertow.kernels.flow.layout import SECONDS_KEPT

MOST_LATENESS_NS = 90 * NS_PER_S

LEAST = {
    "lateness_ns": 0,
    "source_timeout_ns": NS_PER_S,
    "most_lead_ns": NS_PER_S,
    "large_factor": 1,
    "large_seconds": 1,
    "large_least_trades": 1,
    "ratio_least_trades": 1,
    "bars_1s": 1,
    "bars_1m": 15,
    "bars_5m": 3,
    "bars_15m": 1,
    "book_levels": 1,
}
"""Least value of each number: rings must hold what closes in one stretch of 15 minutes."""

MOST = {
    "lateness_ns": MOST_LATENESS_NS,
    "large_seconds": SECONDS_KEPT,
    "bars_1s": SECONDS_KEPT,
}


class FlowConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times in nanoseconds, capacities in bars or levels per instrument.

    lateness_ns: how far a source's trades may be out of order before their second is closed (0 ..
    90 s). source_timeout_ns: silence after which a source counts as unhealthy and its time goes on
    with our clock. most_lead_ns: a row dated further ahead of its source's estimated clock is
    misdated. large_factor: a trade of more than so many times the average size of the last
    `large_seconds` (whole, closed; 1 .. 900) is large, once they hold `large_least_trades` trades.
    ratio_least_trades: fewer trades give no imbalance ratio. bars_*: closed bars kept. book_levels:
    levels kept on each side of a book; the farthest go first. dollar_quotes: quote currencies taken
    for one US dollar in sums over venues."""

    lateness_ns: int = NS_PER_S
    source_timeout_ns: int = 10 * NS_PER_S
    most_lead_ns: int = 10 * NS_PER_S
    large_factor: int = 10
    large_seconds: int = 300
    large_least_trades: int = 20
    ratio_least_trades: int = 5
    bars_1s: int = SECONDS_KEPT
    bars_1m: int = 720
    bars_5m: int = 288
    bars_15m: int = 192
    book_levels: int = 2048
    dollar_quotes: tuple[str, ...] = ("USD", "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "DAI")

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            value = getattr(self, name)
            if value < least:
                raise ConfigurationError(f"expected {name} of at least {least}, found {value}")
            if value > MOST.get(name, value):
                raise ConfigurationError(f"expected {name} of at most {MOST[name]}, found {value}")


DEFAULT_FLOW_CONFIG = FlowConfig()
