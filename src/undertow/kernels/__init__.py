"""Compiled loops over arrays: no domain objects, no state of their own, no I/O.

Of ours they import the layouts and numbers of `domain` (EVENT, BAR, event kinds), nothing else.
"""

__all__: list[str] = []
