"""Binance spot, USD-M and COIN-M futures: market data. Quirks with dates are in README.md here."""

__all__: list[str] = []
