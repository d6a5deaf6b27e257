"""A compiled quoter over books and trades: its desk, the venue it meets, and the loop of both."""

__all__: list[str] = []
