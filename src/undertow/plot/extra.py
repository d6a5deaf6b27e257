"""The libraries that draw, imported when something is drawn and not before."""

import importlib
from types import ModuleType

from undertow.domain.errors import ConfigurationError


def drawing_library(name: str) -> ModuleType:
    """The module of this name; without it a `ConfigurationError` says what to install."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        raise ConfigurationError(
            f"expected {library} for drawing, found it missing: pip install undertow[plot]"
        ) from error
