import msgspec
import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument import FeeSchedule, MarketKind
from undertow.simulator.market.asset_spec import ASSETS
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig


def test_the_default_has_72_instruments_on_6_sources() -> None:
    listing = Listing(MarketConfig())
    assert len(listing.table) == listing.count == 72
    assert listing.sources[:3] == ("aster.spot", "aster.perp", "borea.spot")
    assert listing.sources == tuple(dict.fromkeys(listing.sources))


def test_names_are_those_of_ccxt(listing: Listing) -> None:
    assert listing.table[0].instrument_id == "BTC/USDT@aster"
    assert listing.table[1].instrument_id == "BTC/USDT:USDT@aster"
    assert listing.table.index("SOL/USDT:USDT@cetus") == 11


def test_steps_and_fees_of_btc(listing: Listing) -> None:
    spot, perp = listing.table[0], listing.table[1]
    assert (spot.price_text(1), spot.qty_text(1)) == ("0.01", "0.00001")
    assert (perp.price_text(1), perp.qty_text(1)) == ("0.1", "0.001")
    assert perp.kind is MarketKind.LINEAR
    assert perp.fees == FeeSchedule(200, 500)
    assert spot.fees == FeeSchedule(1_000, 1_000)
    assert perp.min_notional == "5"


def test_groups_agree_with_the_table(listing: Listing) -> None:
    assert list(listing.instruments_of(1)) == list(listing.table.of_asset("SOL"))
    assert listing.spots_of(1) == [6, 8, 10]
    assert listing.perps_of(1) == [7, 9, 11]
    assert listing.instruments_at(2) == [4, 5, 10, 11]
    assert [listing.sources[s] for s in listing.source[:2]] == ["aster.spot", "aster.perp"]


def test_array_facts_match_the_instruments(listing: Listing) -> None:
    for i, row in enumerate(listing.table):
        assert listing.tick[i] == row.price_float(1)
        assert listing.is_perp[i] == row.is_perp
    assert np.all(listing.least_lots * listing.lot * listing.reference >= 5.0)
    assert listing.lots_worth(1, 95_000.0) == 1_000


def test_a_price_of_few_ticks_is_refused() -> None:
    coarse = msgspec.structs.replace(ASSETS[0], perp_tick="1000")
    with pytest.raises(ConfigurationError, match="BTC/USDT:USDT@aster, found 95"):
        Listing(MarketConfig(assets=("BTC",), asset_specs=(coarse,)))
