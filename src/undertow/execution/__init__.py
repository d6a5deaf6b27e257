"""From an approved intent to an order's end: one table of states, a tracker, handlers, stops."""

__all__: list[str] = []
