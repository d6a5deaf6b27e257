"""The engine and the venues of a backtest, configured from its settings and its data.

The engine is the one that trades live. What differs is said here and nowhere else: sources of bars
and trades alone are never taken for silent, reviews and trailing stops go by bars where only bars
are known, entries are market orders where there is no book to price them against, and resting
orders are not asked after, because the simulated venue loses none.
"""

from collections.abc import Sequence

import msgspec

from undertow.backtest.funding_choice import funding_plan
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.venue_overrides import venue_overrides
from undertow.decision.host import Recording
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import format_scaled
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_DIGITS, MONEY_UNIT
from undertow.domain.time import NS_PER_DAY
from undertow.engine.engine_config import EngineConfig
from undertow.execution.execution_config import (
    EntryStyle,
    ExecutionConfig,
    Reversal,
    StrategyPolicy,
)
from undertow.flow.flow_config import FlowConfig
from undertow.risk.limits import RiskLimits
from undertow.risk.stake import Sizing, Stake
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fill_preset import exchange_config
from undertow.timeline.market_data import DataFidelity, MarketData

_PPM = 1_000_000
_NEVER_PPM = 2_000_000
"""A loss that cannot be: nobody loses more than all."""

_DOLLARS = ("USDT", "USD", "USDC", "FDUSD", "BUSD", "TUSD", "DAI")
_SILENCE_NS = 10_000 * NS_PER_DAY
_REVIEW_S = 10
_REMEMBERED = 32
"""Ended orders kept for late reports: a simulated venue is never later than that."""


def traded_table(data: MarketData, settings: BacktestSettings) -> InstrumentTable:
    """The instruments with the fees of the settings, where these say any."""
    if settings.fee is None:
        return data.table
    maker, taker = (round(rate * _PPM) for rate in settings.fee)
    fees = FeeSchedule(maker, taker)
    return InstrumentTable(msgspec.structs.replace(row, fees=fees) for row in data.table)


def reporting_currency(table: InstrumentTable) -> str:
    """What equity is counted in: the first instrument's quote."""
    return table[0].quote


def limits_of(
    settings: BacktestSettings, table: InstrumentTable, strategies: Sequence[Strategy]
) -> RiskLimits:
    """The risk limits of a run."""
    stake = Stake.read(settings.stake, settings.tradable_ratio)
    most = settings.max_open_trades or (
        len(strategies) * len(table) if stake.sizing is not Sizing.RISK else 0
    )
    given = settings.limits or RiskLimits()
    changes: dict[str, object] = {"stake": stake}
    if most:
        changes["max_positions"] = most
    if settings.leverage or stake.sizing is not Sizing.RISK:
        changes["max_leverage"] = settings.leverage or 1
    if settings.is_research:
        changes |= _unbound(settings)
    return msgspec.structs.replace(given, **changes)


def engine_config(
    settings: BacktestSettings, data: MarketData, limits: RiskLimits, bar_s: int
) -> EngineConfig:
    """The engine's configuration. bar_s: length of the shortest recorded bar, 0 without bars."""
    is_thin = data.fidelity in (DataFidelity.BARS, DataFidelity.TRADES)
    table, reporting = data.table, reporting_currency(data.table)
    review_s = max(_REVIEW_S, bar_s)
    if settings.is_research and not limits.protections:
        review_s = max(review_s, NS_PER_DAY // 10**9)
    flow = FlowConfig(source_timeout_ns=_SILENCE_NS) if is_thin else FlowConfig()
    return EngineConfig(
        reporting_currency=reporting,
        pegs={name: "1" for name in _DOLLARS if name != reporting} if reporting in _DOLLARS else {},
        wallets=wallets_of(settings, table),
        review_every_s=review_s,
        follow_every_s=max(1, bar_s),
        least_candle_s=0,
        record_decisions=Recording.SIGNALS,
        entries_at_market=is_thin,
        entries_at_next_price=settings.size_at_open,
        halts_on_failure=settings.stop_on_failure,
        looks_ahead=settings.looks_ahead,
        limits=limits,
        execution=_execution(settings, limits, is_thin=is_thin),
        flow=flow,
    )


def wallets_of(settings: BacktestSettings, table: InstrumentTable) -> dict[str, dict[str, str]]:
    """Money at the start: in the reporting currency, in equal parts for the venues."""
    if settings.wallets:
        return {venue: dict(wallet) for venue, wallet in settings.wallets.items()}
    coins = [row.instrument_id for row in table if row.kind is MarketKind.INVERSE]
    if coins:
        raise ConfigurationError(
            f"expected `wallets` for {coins[0]}, which is settled in coins, "
            "such as {'binance': {'BTC': '1'}}"
        )
    amount = round(settings.starting_balance * 1e8) * (MONEY_UNIT // 10**8)
    share = format_scaled(amount // len(table.venues), MONEY_DIGITS)
    return {venue: {_money_at(table, venue): share} for venue in table.venues}


def venue_config(
    settings: BacktestSettings, data: MarketData, limits: RiskLimits
) -> ExchangeConfig:
    """How the simulated venues behave."""
    perpetuals: list[Instrument] = [row for row in data.table if row.is_perp]
    given = venue_overrides(settings.exchange)
    if perpetuals and "leverage" not in given:
        most = min(row.max_leverage for row in perpetuals)
        given["leverage"] = min(limits.max_leverage, most)
    if perpetuals and "funding" not in given:
        given["funding"] = funding_plan(settings.funding, settings.fills)
    return exchange_config(settings.fills, data.fidelity, **given)


def _money_at(table: InstrumentTable, venue: str) -> str:
    return next(row.settle for row in table if row.venue == venue)


def _unbound(settings: BacktestSettings) -> dict[str, object]:
    names = ("alert", "worst_half", "close_all", "lock")
    ladder = {f"ladder_{name}_ppm": _NEVER_PPM for name in names}
    drawdown = {f"drawdown_{name}_ppm": _NEVER_PPM for name in ("pause", "alert", "stop")}
    return {
        **ladder,
        **drawdown,
        "is_research": True,
        "loss_streak": 0,
        "margin_reduce_ppm": 0,
        "max_stop_ppm": _PPM,
        "tradable_ppm": _PPM,
        "price_band_ppm": _PPM,
    }


def _execution(settings: BacktestSettings, limits: RiskLimits, *, is_thin: bool) -> ExecutionConfig:
    reversal = Reversal.CLOSE_AND_REVERSE if settings.is_reversing else Reversal.CLOSE
    policy = StrategyPolicy(
        entry_style=EntryStyle.MARKET if is_thin else EntryStyle.MARKETABLE,
        reversal=reversal,
        trail_ppm=0 if settings.is_research else StrategyPolicy().trail_ppm,
    )
    return ExecutionConfig(
        default_policy=policy,
        max_positions=limits.max_positions or 2**31,
        audit_ns=0,
        remembered_orders=_REMEMBERED,
        require_stops=not settings.is_research,
    )
