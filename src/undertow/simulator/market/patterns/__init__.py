"""Planted patterns, one a module: each turns the scene in which it starts into a plan."""

__all__: list[str] = []
