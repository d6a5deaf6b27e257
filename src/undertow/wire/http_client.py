"""GET requests within a budget, tried again where that can help.

* No whole answer, 5xx, or a body that its reader cannot read: again after a pause that doubles.
* 429 (too many) and 418 (banned): again after what `Retry-After` says, or a minute.
* Any other 4xx is the venue's refusal, at once: asking again would not change it.

After `most_tries` the last failure is raised: `ConnectionLost` or `VenueRefused`.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from undertow.domain.errors import ConfigurationError, ConnectionLost, VenueError, VenueRefused
from undertow.wire.http_transport import HttpAnswer, HttpTransport
from undertow.wire.pace import Pace
from undertow.wire.request_budget import RequestBudget

Read = TypeVar("Read")

TOO_MANY, BANNED = 429, 418
_SHOWN = 200


class RetryRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """most_tries: of one request. first_pause_s doubles up to longest_pause_s. limited_pause_s:
    after a 429 or 418 that does not say how long.
    """

    most_tries: int = 6
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    limited_pause_s: float = 60.0

    def __post_init__(self) -> None:
        if self.most_tries < 1 or not 0 < self.first_pause_s <= self.longest_pause_s:
            raise ConfigurationError("expected at least one try and pauses above 0")


class HttpClient:
    """used_header: the header in which the venue tells what was used of a limit, by its name."""

    def __init__(
        self,
        transport: HttpTransport,
        pace: Pace,
        budget: RequestBudget,
        rules: RetryRules | None = None,
        used_headers: Mapping[str, str] | None = None,
    ) -> None:
        self._transport = transport
        self._pace = pace
        self._budget = budget
        self._rules = rules or RetryRules()
        self._used_headers = dict(used_headers or {})
        self.requests = 0
        self.retries = 0

    def get(
        self,
        url: str,
        params: Mapping[str, object],
        charges: Mapping[str, int],
        read: Callable[[bytes], Read],
    ) -> Read:
        """What `read` makes of the body; it raises `ValueError` for one that is cut or garbled."""
        query = urlencode([(name, str(value)) for name, value in params.items()])
        address = f"{url}?{query}" if query else url
        failure: VenueError = ConnectionLost("expected at least one try")
        for number in range(self._rules.most_tries):
            if number:
                self.retries += 1
            self._budget.spend(charges)
            self.requests += 1
            pause_s = min(self._rules.first_pause_s * 2.0**number, self._rules.longest_pause_s)
            try:
                answer = self._transport.get(address)
            except ConnectionLost as error:
                failure = error
            else:
                self._learn(answer)
                if answer.status == 200:
                    try:
                        return read(answer.body)
                    except ValueError as error:
                        failure = ConnectionLost(f"expected a whole answer of {url}: {error}")
                else:
                    failure = _failure(answer, url)
                    pause_s = self._pause_s(answer, pause_s)
            if number + 1 < self._rules.most_tries:
                self._pace.wait(pause_s)
        raise failure

    def _learn(self, answer: HttpAnswer) -> None:
        for header, name in self._used_headers.items():
            used = answer.headers.get(header, "")
            if used.isdigit():
                self._budget.learn(name, int(used))

    def _pause_s(self, answer: HttpAnswer, pause_s: float) -> float:
        if answer.status not in (TOO_MANY, BANNED):
            return pause_s
        told = answer.headers.get("retry-after", "")
        return float(told) if told.isdigit() else self._rules.limited_pause_s


def _failure(answer: HttpAnswer, url: str) -> VenueError:
    shown = answer.body[:_SHOWN].decode("utf-8", "replace")
    text = f"expected status 200 of {url}, found {answer.status}: {shown}"
    if answer.status >= 500:
        return ConnectionLost(text)
    refusal = VenueRefused(text)
    if answer.status not in (TOO_MANY, BANNED):
        raise refusal
    return refusal
