"""What a backtest is made of beside strategies and data: money, size, costs, fills, warm-up."""

from collections.abc import Mapping
from typing import Any

import msgspec

from undertow.backtest.funding_choice import funding_plan
from undertow.domain.errors import ConfigurationError
from undertow.risk.limits import RiskLimits
from undertow.simulator.fill_preset import Fills

MOST_FEE = 0.1


class BacktestSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """seed: of the simulated latencies. fills: how flattering the assumed fills are.

    starting_balance: money at the start in the reporting currency, in equal parts for the venues;
    wallets: the same by venue and currency as decimal texts, which wins.
    fee: maker and taker share of the notional, for all instruments; None = the instruments' own.
    funding: of derivatives, see `funding_choice`: "assumed" (a constant where the data has no
    rows), "data", "none" or "RATE[,HOURS]".
    stake: "risk" (what the stop may lose), "unlimited" (equity in equal parts for the positions
    that may be open) or an amount. tradable_ratio: share of equity that "unlimited" may bind.
    max_open_trades: positions open together, 0 = one for each strategy and instrument.
    leverage: of derivatives; 0 = as `limits` say with stake "risk", else 1.
    is_research: allows entries without a stop, wide stops and high leverage, and turns off the
    circuit breakers; for rules that were never meant to be traded as they are.
    limits: risk limits instead of the default ones, as for a live run.
    is_reversing: an entry against the own position closes it and is made when that is done.
    size_at_open: an entry is sized and sent at the next price (a bar's open), not at the close that
    it was decided on.
    warm_up_bars: bars of the longest timeframe that indicators learn from before trading begins.
    start_ns, stop_ns: stretch that is traded; rows before the start are for warming up.
    exchange: fields of the simulated venues' configuration that win over the preset, as models or
    as plain values (see `venue_overrides`).
    feed_jitter: delay rows by what the feed latency draws beyond its floor; for data whose receive
    times are made up (bars, archives), not for recordings, which have their own.
    looks_ahead: ask strategies about many bars at once where that changes nothing (`foresight`).
    stop_on_failure: end the run when a strategy raises; else it is suspended where it failed.
    """

    seed: int = 7
    fills: Fills = Fills.PESSIMISTIC
    starting_balance: float = 10_000.0
    wallets: Mapping[str, Mapping[str, str]] = {}
    fee: tuple[float, float] | None = None
    funding: str = "assumed"
    stake: str = "risk"
    tradable_ratio: float = 0.99
    max_open_trades: int = 0
    leverage: int = 0
    is_research: bool = False
    limits: RiskLimits | None = None
    is_reversing: bool = False
    size_at_open: bool = False
    warm_up_bars: int = 0
    start_ns: int = 0
    stop_ns: int = 2**63 - 1
    exchange: Mapping[str, Any] = {}
    feed_jitter: bool = False
    looks_ahead: bool = True
    stop_on_failure: bool = True

    def __post_init__(self) -> None:
        if not self.starting_balance > 0:
            raise ConfigurationError(
                f"expected a starting balance above 0, found {self.starting_balance}"
            )
        for rate in self.fee or ():
            if not -MOST_FEE <= rate <= MOST_FEE:
                raise ConfigurationError(
                    f"expected a fee as a share of the notional, such as 0.001 for 0.1 %, from "
                    f"{-MOST_FEE} to {MOST_FEE}, found {rate}"
                )
        funding_plan(self.funding, self.fills)
        if not 0 < self.tradable_ratio <= 1:
            raise ConfigurationError(
                f"expected a tradable ratio above 0 and at most 1, found {self.tradable_ratio}"
            )
        for name in ("max_open_trades", "leverage", "warm_up_bars", "start_ns"):
            if getattr(self, name) < 0:
                raise ConfigurationError(
                    f"expected {name} of at least 0, found {getattr(self, name)}"
                )
        if self.start_ns >= self.stop_ns:
            raise ConfigurationError(
                f"expected a stretch of time, found one from {self.start_ns} to {self.stop_ns} ns"
            )
