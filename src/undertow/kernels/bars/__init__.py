"""Bars of trades that close by count, size, value, imbalance, runs, price or time; footprints."""

__all__: list[str] = []
