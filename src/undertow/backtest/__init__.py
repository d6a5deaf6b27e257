"""The driver over history: engine, simulator and recorded or generated data."""

__all__: list[str] = []
