"""The synthetic market: invented venues with spot and perps, from one seed, with its ground truth.

`synthetic_market.SyntheticMarket` is the way in, `market_config.MarketConfig` its settings and
`ground_truth.GroundTruth` what was planted, when and where. See docs/synthetic_market.md.
"""

__all__: list[str] = []
