"""Positions, cash, margin, funding, realised and unrealised P&L by double entry in exact money."""

__all__: list[str] = []
