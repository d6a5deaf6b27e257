"""The story of an order, told from the journal alone: `undertow why`."""

__all__: list[str] = []
