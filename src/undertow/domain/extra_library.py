"""Libraries that are no part of the core, imported when they are used and not before."""

import importlib
from types import ModuleType

from undertow.domain.errors import ConfigurationError


def extra_library(name: str, *, extra: str, purpose: str) -> ModuleType:
    """The module of this name; without it a `ConfigurationError` says what to install.

    extra: the extra of our package that brings it. purpose: what it is wanted for, in words.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        raise ConfigurationError(
            f"expected {library} for {purpose}, found it missing: pip install undertow[{extra}]"
        ) from error
