"""How well the flow's detectors find what the synthetic market planted."""

__all__: list[str] = []
