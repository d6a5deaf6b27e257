"""The panels of the live terminal view: each draws one part of an engine's state, and changes none
of it.
"""

__all__: list[str] = []
