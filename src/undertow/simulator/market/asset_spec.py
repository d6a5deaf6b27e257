"""What the synthetic market knows of an asset: price, size of its market, tick and lot sizes."""

import msgspec

from undertow.domain.errors import ConfigurationError


class AssetSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One asset, quoted in USDT. The numbers are round figures of the right size, no history.

    name: base coin. reference_price: USDT, where the fundamental price starts (give or take).
    volatility_percent: yearly, of the log price where the regime's factor is 1, the market factor
    included. market_beta: how much of the market factor it takes.
    orders_per_s: market orders a second on a venue of weight 1, in the calm regime.
    order_usd: median value of a market order. level_usd: mean value resting at a book level.
    half_spread_bps: half of the usual spread, where the tick allows it.
    spot_tick .. perp_lot: decimal steps of price (USDT) and quantity (base coins).
    """

    name: str
    reference_price: float
    volatility_percent: float
    market_beta: float
    orders_per_s: float
    order_usd: float
    level_usd: float
    half_spread_bps: float
    spot_tick: str
    spot_lot: str
    perp_tick: str
    perp_lot: str

    def __post_init__(self) -> None:
        positive = (
            self.reference_price,
            self.volatility_percent,
            self.orders_per_s,
            self.order_usd,
            self.level_usd,
        )
        if min(positive) <= 0.0 or self.half_spread_bps < 0.0:
            raise ConfigurationError(
                f"expected positive price, volatility, rates and sizes for {self.name}, "
                f"found {positive} and a half spread of {self.half_spread_bps}"
            )


def _spec(
    name: str,
    price: float,
    *,
    volatility: tuple[float, float],
    flow: tuple[float, float, float],
    half_spread_bps: float,
    steps: tuple[str, str, str, str],
) -> AssetSpec:
    return AssetSpec(name, price, *volatility, *flow, half_spread_bps, *steps)


ASSETS: tuple[AssetSpec, ...] = (
    _spec(
        "BTC",
        95_000.0,
        volatility=(50.0, 1.0),
        flow=(4.0, 2_500.0, 60_000.0),
        half_spread_bps=0.06,
        steps=("0.01", "0.00001", "0.1", "0.001"),
    ),
    _spec(
        "ETH",
        3_300.0,
        volatility=(65.0, 1.25),
        flow=(3.0, 1_800.0, 40_000.0),
        half_spread_bps=0.1,
        steps=("0.01", "0.0001", "0.01", "0.001"),
    ),
    _spec(
        "SOL",
        140.0,
        volatility=(85.0, 1.6),
        flow=(2.0, 1_000.0, 20_000.0),
        half_spread_bps=0.4,
        steps=("0.01", "0.001", "0.01", "0.01"),
    ),
    _spec(
        "BNB",
        900.0,
        volatility=(60.0, 1.05),
        flow=(1.0, 900.0, 12_000.0),
        half_spread_bps=0.3,
        steps=("0.01", "0.001", "0.01", "0.01"),
    ),
    _spec(
        "XRP",
        2.1,
        volatility=(80.0, 1.4),
        flow=(1.5, 800.0, 14_000.0),
        half_spread_bps=0.5,
        steps=("0.0001", "0.1", "0.0001", "0.1"),
    ),
    _spec(
        "DOGE",
        0.15,
        volatility=(95.0, 1.7),
        flow=(1.3, 600.0, 10_000.0),
        half_spread_bps=0.6,
        steps=("0.00001", "1", "0.00001", "1"),
    ),
    _spec(
        "ADA",
        0.4,
        volatility=(90.0, 1.6),
        flow=(0.9, 500.0, 8_000.0),
        half_spread_bps=0.8,
        steps=("0.0001", "0.1", "0.00001", "1"),
    ),
    _spec(
        "AVAX",
        14.0,
        volatility=(100.0, 1.8),
        flow=(0.8, 450.0, 7_000.0),
        half_spread_bps=0.8,
        steps=("0.01", "0.01", "0.001", "0.1"),
    ),
    _spec(
        "LINK",
        13.0,
        volatility=(95.0, 1.75),
        flow=(0.9, 450.0, 7_000.0),
        half_spread_bps=0.8,
        steps=("0.01", "0.01", "0.001", "0.01"),
    ),
    _spec(
        "LTC",
        80.0,
        volatility=(80.0, 1.4),
        flow=(0.8, 400.0, 7_000.0),
        half_spread_bps=0.7,
        steps=("0.01", "0.001", "0.01", "0.001"),
    ),
    _spec(
        "DOT",
        2.2,
        volatility=(95.0, 1.75),
        flow=(0.7, 350.0, 6_000.0),
        half_spread_bps=1.0,
        steps=("0.001", "0.01", "0.0001", "0.1"),
    ),
    _spec(
        "NEAR",
        1.7,
        volatility=(110.0, 2.0),
        flow=(0.7, 350.0, 6_000.0),
        half_spread_bps=1.2,
        steps=("0.001", "0.1", "0.0001", "1"),
    ),
)
"""The default dozen, most traded first."""
