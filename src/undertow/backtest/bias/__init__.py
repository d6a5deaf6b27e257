"""Detectors of look-ahead and its relatives, run on every backtest."""
