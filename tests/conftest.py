import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The suite gives the same answer every time; `make soak` searches with new examples. No deadline:
# an example that meets a kernel for the first time waits until it is compiled.
settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("searching", max_examples=300, deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture
def package(root: Path) -> Path:
    """The package's source folder."""
    return root / "src" / "undertow"


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of recorded market data beside the project; tests skip where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recorded market data is not beside the project")
    return folder


@pytest.fixture(scope="session")
def binance_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two minutes of an invented market as recorded Binance messages: source name to file."""
    import msgspec
    import numpy as np

    from undertow.domain.event_rows import from_array
    from undertow.domain.market_event import BookUpdate, Quote, Trade
    from undertow.simulator.market.market_config import MarketConfig
    from undertow.simulator.market.synthetic_market import SyntheticMarket
    from undertow.venues.binance.encoder import BinanceEncoder
    from undertow.venues.binance.market import BinanceMarket

    config = MarketConfig(assets=("BTC",), venues=("aster",))
    market = SyntheticMarket(config, np.random.default_rng(5))
    blocks: list[Any] = [market.next_block() for _ in range(120 * 10**9 // config.block_ns)]
    shown = {
        index: msgspec.structs.replace(row, venue="binance", raw_symbol="BTCUSDT")
        for index, row in enumerate(market.table)
    }
    encoders = {kind: BinanceEncoder(kind, shown) for kind in BinanceMarket}
    lines: dict[BinanceMarket, list[bytes]] = {BinanceMarket.SPOT: [], BinanceMarket.USDM: []}
    for event in from_array(np.concatenate(blocks)):
        if isinstance(event, Trade | BookUpdate | Quote):
            is_perp = market.table[event.instrument].is_perp
            kind = BinanceMarket.USDM if is_perp else BinanceMarket.SPOT
            lines[kind].append(b"%d %s\n" % (event.receive_time_ns, encoders[kind].encode(event)))
    folder = tmp_path_factory.mktemp("recorded")
    spot, usdm = folder / "spot.gz", folder / "usdm"
    spot.write_bytes(gzip.compress(b"".join(lines[BinanceMarket.SPOT])))
    usdm.write_bytes(b"".join(lines[BinanceMarket.USDM]))
    return {"binance.spot": spot, "binance.usdm": usdm}
