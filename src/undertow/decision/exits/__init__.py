"""Bundled exit rules: when a position is given up before its stop says so."""

__all__: list[str] = []
