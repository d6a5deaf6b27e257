"""Bundled levels: gates that an entry must pass in order."""

__all__: list[str] = []
