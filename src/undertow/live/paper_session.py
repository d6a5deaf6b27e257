"""Everything a paper run on the embedded market is made of, saved and restored as one.

A session is a function of its settings, its seed and its strategies: the same ones give the same
market, the same latencies and, with the same operators' commands, the same trades.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.money import Money
from undertow.domain.time import NS_PER_S
from undertow.engine.engine import Engine
from undertow.engine.engine_config import EngineConfig
from undertow.simulator.exchange import Exchange
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.lockstep import Lockstep
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.synthetic_market import SyntheticMarket
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.run_ids import RunIds
from undertow.timeline.snapshot import PartBytes

DEFAULT_WALLET = {"USDT": "10000"}

Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""


class PaperSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """seed: of market and latencies. warm_up_s: market time that flow and indicators see before
    anything is decided. A venue without a wallet in `engine.wallets` gets 10,000 USDT.
    """

    seed: int = 7
    warm_up_s: int = 1_800
    market: MarketConfig = MarketConfig()
    exchange: ExchangeConfig = ExchangeConfig()
    engine: EngineConfig = EngineConfig()

    def __post_init__(self) -> None:
        if self.engine.limits.is_research or not self.engine.execution.require_stops:
            raise ConfigurationError(
                "expected limits and execution that keep stops, found those of research: they are "
                "for backtests"
            )


class PaperSession:
    """A synthetic market, its exchanges, the lockstep between them, and the engine."""

    def __init__(self, settings: PaperSettings, strategies: Sequence[Strategy], run: int) -> None:
        self.settings = settings
        seeds = np.random.SeedSequence(settings.seed)
        market_seed, *exchange_seeds = seeds.spawn(1 + len(settings.market.venues))
        self.market = SyntheticMarket(settings.market, np.random.default_rng(market_seed))
        table = self.market.table
        config = with_wallets(settings.engine, table.venues)
        self.exchanges = {
            venue: Exchange(
                venue,
                table,
                settings.exchange,
                np.random.default_rng(seed),
                [Money.of(text, currency) for currency, text in config.wallets[venue].items()],
            )
            for venue, seed in zip(table.venues, exchange_seeds, strict=True)
        }
        venue_of_source = [name.partition(".")[0] for name in self.market.sources]
        self.world = Lockstep(self.market.next_block, self.exchanges, venue_of_source)
        self.engine = Engine(config, table, self.market.sources, strategies, RunIds(run))

    def warm_up(self, progress: Progress | None = None) -> None:
        """Let flow, indicators and the exchanges' books see `warm_up_s` of market."""
        start_ns = self.settings.market.start_ns
        length_ns = self.settings.warm_up_s * NS_PER_S
        while self.world.now_ns < start_ns + length_ns:
            item = self.world.next_item(start_ns + length_ns)
            if item is None:
                continue
            assert isinstance(item, RowSlice), "nothing was sent, so nothing is answered"
            self.engine.warm_up(item.rows[item.start : item.stop])
            self.world.consume(item.stop)
            if progress is not None:
                progress(min(1.0, (self.world.now_ns - start_ns) / length_ns))
        if progress is not None:
            progress(1.0)

    def snapshot(self) -> dict[str, PartBytes]:
        """The whole session in named parts."""
        parts: dict[str, PartBytes] = {
            f"engine.{name}": part for name, part in self.engine.snapshot().items()
        }
        parts["world.market"] = self.market.snapshot()
        parts["world.lockstep"] = self.world.snapshot()
        for venue, exchange in self.exchanges.items():
            parts[f"world.exchange.{venue}"] = exchange.snapshot()
        return parts

    def restore(self, parts: Mapping[str, PartBytes]) -> None:
        """Go on from a snapshot of a session of the same settings and strategies."""
        try:
            self.market.restore(parts["world.market"])
            self.world.restore(parts["world.lockstep"])
            for venue, exchange in self.exchanges.items():
                exchange.restore(parts[f"world.exchange.{venue}"])
        except KeyError as missing:
            raise SnapshotCorrupt(
                f"expected the parts of a paper session, found no {missing}"
            ) from None
        prefix = "engine."
        self.engine.restore(
            {name[len(prefix) :]: part for name, part in parts.items() if name.startswith(prefix)}
        )


def with_wallets(config: EngineConfig, venues: Sequence[str]) -> EngineConfig:
    """The configuration with starting money for each venue that has none."""
    wallets = {venue: config.wallets.get(venue, DEFAULT_WALLET) for venue in venues}
    return msgspec.structs.replace(config, wallets=wallets)


def digest_of(config: str) -> str:
    """A short name for a configuration text: sessions of different ones never mix."""
    return hashlib.blake2b(config.encode(), digest_size=8).hexdigest()
