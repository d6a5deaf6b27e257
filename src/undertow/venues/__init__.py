"""Venues that trade: the `Venue` protocol, the parts every codec shares, one folder per venue.

A venue's codec is pure (bytes to rows and back, no I/O), so that a recording, a live socket and the
emulator use the same one. Concepts are imported from their modules.
"""

__all__: list[str] = []
