"""Statistics over plain arrays of floats; each function names its variant and its source."""

__all__: list[str] = []
