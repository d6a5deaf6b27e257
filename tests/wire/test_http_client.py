"""Which failures are tried again, after how long, and which are not."""

import msgspec
import pytest

from undertow.domain.errors import ConfigurationError, ConnectionLost, VenueRefused
from undertow.wire.http_client import HttpClient, RetryRules
from undertow.wire.http_transport import HttpAnswer
from undertow.wire.pace import CountedPace
from undertow.wire.request_budget import RequestBudget


class Scripted:
    """A transport that gives prepared answers; a text is a lost connection."""

    def __init__(self, *answers: HttpAnswer | str) -> None:
        self.answers = list(answers)
        self.urls: list[str] = []

    def get(self, url: str) -> HttpAnswer:
        self.urls.append(url)
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise ConnectionLost(answer)
        return answer


def answer(status: int, body: bytes = b"[1]", **headers: str) -> HttpAnswer:
    return HttpAnswer(
        status, {name.replace("_", "-"): text for name, text in headers.items()}, body
    )


def client(transport: Scripted, **limits: int) -> tuple[HttpClient, CountedPace]:
    pace = CountedPace()
    budget = RequestBudget({name: (units, 60.0) for name, units in limits.items()}, pace)
    return HttpClient(transport, pace, budget, used_headers={"used": "weight"}), pace


def ask(one: HttpClient, **charges: int) -> object:
    return one.get("http://x/y", {"a": 1, "b": "c d"}, charges, msgspec.json.decode)


def test_a_whole_answer() -> None:
    transport = Scripted(answer(200))
    one, pace = client(transport)
    assert ask(one) == [1]
    assert transport.urls == ["http://x/y?a=1&b=c+d"]
    assert (one.requests, one.retries, pace.waits) == (1, 0, [])


def test_pauses_double_and_cut_bodies_are_asked_again() -> None:
    transport = Scripted("lost", answer(500), answer(503), answer(200, b"[1"), answer(200))
    one, pace = client(transport)
    assert ask(one) == [1]
    assert pace.waits == [0.5, 1.0, 2.0, 4.0]
    assert one.retries == 4


def test_limits_are_waited_out() -> None:
    transport = Scripted(answer(429, retry_after="7"), answer(418), answer(200))
    one, pace = client(transport)
    assert ask(one) == [1]
    assert pace.waits == [7.0, 60.0]


def test_a_refusal_is_final() -> None:
    one, pace = client(Scripted(answer(400, b'{"msg":"bad symbol"}')))
    with pytest.raises(VenueRefused, match="bad symbol"):
        ask(one)
    assert pace.waits == []


@pytest.mark.parametrize(
    ("last", "error"),
    [(answer(502), ConnectionLost), (answer(429), VenueRefused), ("x", ConnectionLost)],
)
def test_the_last_failure_is_told(last: HttpAnswer | str, error: type[Exception]) -> None:
    one, pace = client(Scripted(*[last] * 6))
    with pytest.raises(error):
        ask(one)
    assert len(pace.waits) == 5


def test_charges_are_spent_and_learned() -> None:
    one, pace = client(Scripted(answer(200, used="9"), answer(200), answer(200)), weight=10)
    for _ in range(3):
        ask(one, weight=1)
    assert pace.waits == [60.0]


def test_rules_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match="at least one try"):
        RetryRules(most_tries=0)
