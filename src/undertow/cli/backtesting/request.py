"""From the switches of `undertow backtesting` to what is to be run."""

import argparse
from collections.abc import Sequence
from typing import Any

import msgspec

from undertow.backtest.settings import BacktestSettings
from undertow.backtest.venue_overrides import read_overrides
from undertow.cli.app_config import AppConfig, StrategyEntry
from undertow.domain.errors import ConfigurationError
from undertow.simulator.fill_preset import Fills

ALL_FILLS = "all"


class BacktestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """strategies: entries of the configuration. data: a path, or `synthetic`. settings: of every
    run. fills: presets to run, in this order. jobs: processes. params: file of parameters, empty
    for that beside the strategy, "none" for none.
    """

    strategies: tuple[StrategyEntry, ...]
    data: str
    pairs: tuple[str, ...] = ()
    timeframe: str = ""
    timerange: str = ""
    duration_s: int = 3_600
    settings: BacktestSettings = BacktestSettings()
    fills: tuple[str, ...] = (Fills.PESSIMISTIC.value,)
    jobs: int = 1
    call_limit_s: float = 60.0
    params: str = ""


def request_of(args: argparse.Namespace, config: AppConfig) -> BacktestRequest:
    """What the command line asks for; raises `ConfigurationError` for what cannot be meant."""
    fills = tuple(Fills) if args.fills == ALL_FILLS else (args.fills,)
    unknown = [name for name in fills if name not in list(Fills)]
    if unknown:
        raise ConfigurationError(
            f"expected --fills of {', '.join(Fills)} or {ALL_FILLS}, found {unknown[0]!r}"
        )
    entries = config.strategies
    if args.timeframe:
        entries = tuple(_with_timeframe(entry, args.timeframe) for entry in entries)
    return BacktestRequest(
        strategies=entries,
        data=str(args.data or args.datadir or "user_data/data"),
        pairs=pairs_of(args.pairs or ()),
        timeframe=args.timeframe or "",
        timerange=args.timerange or "",
        duration_s=args.duration_s,
        settings=BacktestSettings(**_settings(args, config)),
        fills=tuple(str(name) for name in fills),
        jobs=args.jobs,
        call_limit_s=args.call_limit,
        params=getattr(args, "params_file", "") or "",
    )


def _with_timeframe(entry: StrategyEntry, timeframe: str) -> StrategyEntry:
    parameters = {**entry.parameters, "timeframe": timeframe}
    return msgspec.structs.replace(entry, parameters=parameters)


def _settings(args: argparse.Namespace, config: AppConfig) -> dict[str, Any]:
    found: dict[str, Any] = {
        "seed": config.run.seed,
        "limits": config.engine.limits,
        "funding": config.backtest.funding,
    }
    named = {
        "starting_balance": args.starting_balance,
        "stake": args.stake_amount,
        "funding": args.funding,
        "max_open_trades": args.max_open_trades,
        "leverage": args.leverage,
        "warm_up_bars": args.startup,
        "tradable_ratio": args.tradable_balance_ratio,
    }
    found |= {name: value for name, value in named.items() if value is not None}
    if args.fee is not None:
        found["fee"] = fee_of(args.fee)
    found["exchange"] = {**config.backtest.exchange, **read_overrides(args.exchange)}
    found["feed_jitter"] = args.feed_jitter or config.backtest.feed_jitter
    found["is_research"] = args.research
    found["is_reversing"] = args.reverse
    found["size_at_open"] = args.size_at_open
    if found.get("max_open_trades", 0) < 0:
        found["max_open_trades"] = 0  # -1: as many as there are
    return found


def pairs_of(words: Sequence[str]) -> tuple[str, ...]:
    """Pairs as given, or several in one word with commas between; a regular expression with a
    count such as `.{3}/USDT` is left whole.
    """
    parts = [[word] if "{" in word else word.split(",") for word in words]
    return tuple(name.strip() for part in parts for name in part if name.strip())


def fee_of(text: str) -> tuple[float, float]:
    """`0.001` or `0.0002,0.0005` (maker, taker) as shares of the notional."""
    parts = text.split(",")
    try:
        rates = [float(part) for part in parts]
    except ValueError:
        rates = []
    if len(rates) not in (1, 2):
        raise ConfigurationError(
            f"expected --fee as a share such as 0.001, or maker,taker, found {text!r}"
        )
    return rates[0], rates[-1]
