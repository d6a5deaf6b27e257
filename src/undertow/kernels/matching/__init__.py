"""Matching on one venue: the ladder of displayed levels, queue positions and the loop over rows."""

__all__: list[str] = []
