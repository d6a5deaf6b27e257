"""Bundled filters: weighted contributions to a confluence score, direction-aware."""

__all__: list[str] = []
