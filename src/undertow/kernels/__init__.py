"""Compiled loops over arrays: no domain types, no state of their own, nothing of ours imported."""

__all__: list[str] = []
