"""Names of bar lengths as users write them."""

from undertow.domain.bar import TIMEFRAME_NAMES
from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean

_SECONDS = {name: seconds for seconds, name in TIMEFRAME_NAMES.items()}
_LONG_UNITS = "HDW"
"""Capitals that can mean nothing else; `1M` would be a month."""


def timeframe_seconds(name: str) -> int:
    """Seconds of a bar length such as "1m" or "4h" (also "1D"); raises `ConfigurationError`."""
    seconds = _SECONDS.get(name.lower() if name[-1:] in _LONG_UNITS else name)
    if seconds is None:
        raise ConfigurationError(
            f"expected a timeframe of {', '.join(_SECONDS)}, found {name!r};"
            f"{did_you_mean(name, _SECONDS)}"
        )
    return seconds
