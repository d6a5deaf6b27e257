"""Compiled runs of a backtest: signals over bars, and quoters over books and trades."""

__all__: list[str] = []
