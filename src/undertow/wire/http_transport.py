"""One HTTP request and its answer, over a kept connection; behind a protocol, so that tests and
other libraries can take its place.
"""

import http.client
from typing import Protocol, Self
from urllib.parse import urlsplit

import msgspec

from undertow.domain.errors import ConfigurationError, ConnectionLost

_SCHEMES = ("http", "https")


class HttpAnswer(msgspec.Struct, frozen=True):
    """A whole answer; names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


class HttpTransport(Protocol):
    """Sends a GET request; raises `ConnectionLost` when no whole answer came."""

    def get(self, url: str) -> HttpAnswer:
        """The answer, whatever its status."""
        ...


class StandardTransport:
    """The standard library's client; one connection per host is kept open.

    Certificates are checked as the system says. Not for several threads at once.
    """

    def __init__(self, timeout_s: float = 20.0) -> None:
        self._timeout_s = timeout_s
        self._open: dict[tuple[str, str], http.client.HTTPConnection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def get(self, url: str) -> HttpAnswer:
        """See `HttpTransport`; a cut-off body is a lost connection, too."""
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.netloc:
            raise ConfigurationError(f"expected an http or https address, found {url!r}")
        key = parts.scheme, parts.netloc
        connection = self._open.pop(key, None) or self._connection(*key)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        try:
            connection.request("GET", target, headers={"User-Agent": "undertow"})
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            why = str(error) or type(error).__name__
            raise ConnectionLost(f"expected an answer of {parts.netloc}, found {why}") from error
        if answer.will_close:
            connection.close()
        else:
            self._open[key] = connection
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return HttpAnswer(answer.status, headers, body)

    def close(self) -> None:
        """Close what is kept open."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _connection(self, scheme: str, host: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(host, timeout=self._timeout_s)
        return http.client.HTTPConnection(host, timeout=self._timeout_s)
