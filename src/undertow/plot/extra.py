"""The libraries that draw, imported when something is drawn and not before."""

from types import ModuleType

from undertow.domain.extra_library import extra_library


def drawing_library(name: str) -> ModuleType:
    """The module of this name; without it a `ConfigurationError` says what to install."""
    return extra_library(name, extra="plot", purpose="drawing")
