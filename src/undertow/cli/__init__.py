"""Commands; the composition root, the only place that knows everything."""

__all__: list[str] = []
