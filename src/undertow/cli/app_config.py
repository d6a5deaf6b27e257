"""The configuration of a run: one typed tree, every key checked."""

from typing import Any

import msgspec

from undertow.cli.duration import speed_of
from undertow.cli.logs import LogConfig
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.engine.engine_config import EngineConfig
from undertow.execution.execution_config import ExecutionConfig
from undertow.risk.limits import LossScope, RiskLimits
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.market.market_config import MarketConfig

RECORDED_VENUE = "binance"
"""The venue of recorded messages, beside those of the embedded market."""


class StrategyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """name: an installed strategy or path/to/file.py:Class. preset: a named parameter set of it.
    parameters: single ones laid over the preset. label: tells two entries of one name apart.
    """

    name: str
    preset: str = "default"
    parameters: dict[str, Any] = {}
    label: str = ""

    def strategy(self) -> Strategy:
        """The strategy, made and checked."""
        from undertow.cli.strategy_catalog import configured

        return configured(self.name, self.preset, self.parameters, self.label)


class RunSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """mode: only "paper" in this version. seed: of the embedded market and all latencies.
    speed: market seconds per wall second, or "max". warm_up_s: market time before trading starts.
    """

    mode: str = "paper"
    seed: int = 7
    speed: str | int | float = "10"
    warm_up_s: int = 2_400

    def __post_init__(self) -> None:
        if self.mode != "paper":
            raise ConfigurationError(
                f"expected mode paper, found {self.mode!r}: this version does not trade live"
            )
        _at_least(self, 0, "seed", "warm_up_s")
        speed_of(self.speed)


class BacktestSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """exchange: fields of the simulated venues that win over the fill preset, keys as in `exchange`
    of the application. funding: of perpetuals without recorded funding (`funding_choice`).
    feed_jitter: delay rows whose receive times are made up.
    """

    exchange: dict[str, Any] = {}
    funding: str = "assumed"
    feed_jitter: bool = False

    def __post_init__(self) -> None:
        from undertow.backtest.venue_overrides import venue_overrides

        venue_overrides(self.exchange)


class JournalSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """checkpoint_every_s: market seconds between checkpoints. segment_mib: size of a journal file.
    keep_snapshots: how many checkpoints are kept. record: keep market data in the Parquet lake too.
    """

    checkpoint_every_s: int = 60
    segment_mib: int = 64
    keep_snapshots: int = 3
    record: bool = False

    def __post_init__(self) -> None:
        _at_least(self, 1, "checkpoint_every_s", "segment_mib", "keep_snapshots")


def _at_least(section: msgspec.Struct, least: int, *names: str) -> None:
    for name in names:
        found = getattr(section, name)
        if found < least:
            raise ConfigurationError(f"expected {name} of at least {least}, found {found}")


def _strategies() -> tuple[StrategyEntry, ...]:
    return (StrategyEntry("scalper", preset="embedded"), StrategyEntry("ema_cross"))


def _engine() -> EngineConfig:
    # Execution counts positions too: with a smaller number there, risk's own would never be met.
    limits = RiskLimits(max_positions=10, loss_scope=LossScope.INSTRUMENT)
    execution = ExecutionConfig(max_positions=limits.max_positions)
    return EngineConfig(limits=limits, execution=execution)


class AppConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """run, strategies, engine (flow, risk limits, execution), the embedded market and its
    exchanges, what backtests change of theirs, journal and logs.
    """

    run: RunSection = RunSection()
    strategies: tuple[StrategyEntry, ...] = msgspec.field(default_factory=_strategies)
    engine: EngineConfig = msgspec.field(default_factory=_engine)
    market: MarketConfig = MarketConfig()
    exchange: ExchangeConfig = ExchangeConfig()
    backtest: BacktestSection = BacktestSection()
    journal: JournalSection = JournalSection()
    logs: LogConfig = LogConfig()

    def __post_init__(self) -> None:
        if self.engine.limits.is_research or not self.engine.execution.require_stops:
            raise ConfigurationError(
                "expected engine.limits.is_research false and engine.execution.require_stops true: "
                "without stops nothing is traded, not even on paper; they are for backtests"
            )
        known = [*(spec.name for spec in self.market.venue_specs), RECORDED_VENUE]
        for venue in self.engine.wallets:
            if venue not in known:
                near = did_you_mean(venue, known)
                raise ConfigurationError(
                    f"engine.wallets: expected a venue, found {venue!r};{near}"
                )


def journaled_text(config: AppConfig) -> str:
    """What of a configuration the state of a session depends on, as JSON with sorted keys."""
    plain = msgspec.to_builtins(config)
    for section in ("backtest", "journal", "logs"):
        plain.pop(section)
    plain["run"].pop("speed")
    return msgspec.json.encode(plain, order="sorted").decode()
