"""A real server on this machine: whole answers, cut ones, and none."""

import pytest
from tests.stand_ins.binance_rest import BinanceRest

from undertow.domain.errors import ConfigurationError, ConnectionLost
from undertow.wire.http_transport import StandardTransport


def test_answers_and_a_kept_connection() -> None:
    with BinanceRest(0, 10**9) as venue:
        transport = StandardTransport(5.0)
        for _ in range(3):
            answer = transport.get(f"{venue.url}/api/v3/klines?symbol=X&interval=1m&limit=2")
            assert (answer.status, answer.body[:2]) == (200, b"[[")
            assert answer.headers["x-mbx-used-weight-1m"] == "0"
        assert transport.get(f"{venue.url}/nothing").status == 404
        transport.close()


@pytest.mark.parametrize("fault", ["drop", "short"])
def test_a_lost_connection_and_the_next_one(fault: str) -> None:
    with BinanceRest(0, 10**9) as venue:
        transport, url = StandardTransport(5.0), f"{venue.url}/api/v3/exchangeInfo"
        assert transport.get(url).status == 200
        venue.faults = [fault]
        with pytest.raises(ConnectionLost, match="expected an answer of 127"):
            transport.get(url)
        assert transport.get(url).status == 200
        transport.close()


def test_addresses_that_are_none() -> None:
    for url in ("ftp://x/y", "klines", "http:///x"):
        with pytest.raises(ConfigurationError, match="http or https"):
            StandardTransport().get(url)
    with pytest.raises(ConnectionLost):
        StandardTransport(1.0).get("http://127.0.0.1:9/x")
