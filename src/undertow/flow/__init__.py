"""The order-flow state of every instrument and asset of a run, and what can be read from it."""

__all__: list[str] = []
