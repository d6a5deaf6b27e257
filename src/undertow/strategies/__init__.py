"""Bundled strategies, one file each; they enter by the same door as a user's."""

__all__: list[str] = []
