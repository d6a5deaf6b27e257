"""Undertow: one engine from the tape to the trade."""

__version__ = "0.1.0"

__all__ = ["__version__"]
