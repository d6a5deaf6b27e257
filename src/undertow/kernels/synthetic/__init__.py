"""Compiled loops of the synthetic market: market orders, requotes and deltas of its books."""

__all__: list[str] = []
