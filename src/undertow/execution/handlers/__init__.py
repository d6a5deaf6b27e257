"""The six handlers of an approved intent, in the order they speak (EXEC-01, C-40, D-59 .. D-62)."""

__all__: list[str] = []
