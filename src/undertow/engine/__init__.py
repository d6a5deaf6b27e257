"""The one step: input -> flow -> decision -> risk -> execution -> ledger -> effects."""

__all__: list[str] = []
