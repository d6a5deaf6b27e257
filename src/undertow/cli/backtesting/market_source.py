"""Where the market of a backtest comes from: a path, or the synthetic market."""

from pathlib import Path

import msgspec

from undertow.backtest.synthetic_data import SyntheticData
from undertow.cli.app_config import AppConfig
from undertow.cli.backtesting.request import BacktestRequest
from undertow.domain.errors import DataError
from undertow.domain.symbol import parse_symbol
from undertow.timeline.market_data import MarketData

SYNTHETIC = "synthetic"
DEMO_ASSETS = ("BTC", "ETH")
DEMO_VENUES = ("aster",)


class OpenedMarket(msgspec.Struct, frozen=True):
    """Market data, and in words what was taken for what was asked."""

    data: MarketData
    understood: tuple[str, ...] = ()


def open_market(request: BacktestRequest, config: AppConfig) -> OpenedMarket:
    """Open what was asked for; raises `DataError` or `ConfigurationError` when that cannot be."""
    if request.data == SYNTHETIC:
        return _synthetic(request, config)
    if not Path(request.data).exists():
        raise DataError(
            f"expected market data at {request.data}, found nothing; name a file or folder with "
            f"--data, or take --data {SYNTHETIC}, which needs none"
        )
    from undertow.storage.open_data import open_market_data

    stored = open_market_data(request.data, request.pairs, request.timeframe, request.timerange)
    return OpenedMarket(stored, stored.understood)


def _synthetic(request: BacktestRequest, config: AppConfig) -> OpenedMarket:
    # A small market by default: two assets at one venue are made in seconds.
    assets = tuple(dict.fromkeys(parse_symbol(pair).base for pair in request.pairs)) or DEMO_ASSETS
    market = msgspec.structs.replace(config.market, assets=assets, venues=DEMO_VENUES)
    data = SyntheticData(market, request.duration_s, request.settings.seed)
    words = f"synthetic market of {', '.join(assets)} at {', '.join(DEMO_VENUES)}, "
    return OpenedMarket(data, (words + f"{request.duration_s} s, seed {request.settings.seed}",))
