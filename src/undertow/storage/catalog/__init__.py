"""The catalog: market data on disk by instrument and series, opened as one stretch of market."""
