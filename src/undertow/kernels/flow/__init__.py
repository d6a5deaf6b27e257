"""The order-flow hot path: books, one-second buckets, bars, CVD, profile, clocks, watches."""

__all__: list[str] = []
