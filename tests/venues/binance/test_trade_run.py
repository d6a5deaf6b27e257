"""Runs of trades: rows and state are those of the same messages one by one, whatever is in them."""

import json
import random
from collections.abc import Callable

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.binance.trade_run import LEAST_MESSAGES, MOST_MESSAGES

START_MS = 1_767_571_200_000
NS_PER_MS = 1_000_000

Message = dict[str, object]
Change = Callable[[Message, random.Random], object]


def instrument(symbol: str) -> Instrument:
    return Instrument(
        f"{symbol[:3]}/USDT:USDT", "binance", symbol, MarketKind.LINEAR, symbol[:3], "USDT", "USDT",
        Step.of("0.1"), Step.of("0.001"),
    )  # fmt: skip


def trade(i: int, symbol: str = "BTCUSDT") -> Message:
    return {
        "e": "trade", "E": START_MS + i, "T": START_MS + i, "s": symbol, "t": 1_000 + i,
        "p": f"{60_000 + i % 50}.{i % 10}0", "q": f"0.{1 + i % 998:03d}", "X": "MARKET",
        "m": bool(i % 2),
    }  # fmt: skip


def agg_trade(i: int) -> Message:
    return {
        "e": "aggTrade", "E": START_MS + i, "s": "BTCUSDT", "a": 70 + i, "p": f"{60_000 + i}.1",
        "q": "1", "f": 3 * i, "l": 3 * i + 2, "T": START_MS + i, "m": bool(i % 3), "M": True,
    }  # fmt: skip


def enveloped(data: object, stream: str = "btcusdt@trade") -> bytes:
    return json.dumps({"stream": stream, "data": data}, separators=(",", ":")).encode()


def codec(market: BinanceMarket = BinanceMarket.USDM) -> BinanceCodec:
    return BinanceCodec(market, {0: instrument("BTCUSDT"), 3: instrument("ETHUSDT")}, source=2)


def times(count: int) -> list[int]:
    return [(START_MS + i) * NS_PER_MS + 5_000_000 for i in range(count)]


def require_same(messages: list[bytes], receive_ns: list[int] | None = None) -> BinanceCodec:
    """Decode at once and one by one; rows and whole state must be the same."""
    given = times(len(messages)) if receive_ns is None else receive_ns
    whole, single = codec(), codec()
    rows = whole.decode(messages, given)
    parts = [single.decode([m], [at]) for m, at in zip(messages, given, strict=True)]
    assert rows.tobytes() == np.concatenate(parts).tobytes()
    assert whole.snapshot() == single.snapshot()
    return whole


def count_runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each run took from now on."""
    from undertow.venues.binance.decoder import EventDecoder

    plain, taken = EventDecoder.take_run, []

    def counted(self: EventDecoder, *given: object) -> int:
        taken.append(plain(self, *given))  # type: ignore[arg-type]
        return taken[-1]

    monkeypatch.setattr(EventDecoder, "take_run", counted)
    return taken


def test_a_long_run_is_taken_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = count_runs(monkeypatch)
    whole = require_same([enveloped(trade(i)) for i in range(1_000)])
    # The first messages go the usual way: the clock and the chain of ids begin with them.
    assert taken == [1_000 - LEAST_MESSAGES]
    assert whole.totals(0).trades == 1_000
    assert not whole.refusals.counts


def test_runs_are_taken_in_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = count_runs(monkeypatch)
    require_same([enveloped(trade(i)) for i in range(2 * MOST_MESSAGES)])
    assert taken == [MOST_MESSAGES, MOST_MESSAGES - 2 * LEAST_MESSAGES]


def test_aggregate_trades_are_runs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = count_runs(monkeypatch)
    require_same([enveloped(agg_trade(i), "btcusdt@aggTrade") for i in range(300)])
    assert taken == [300 - LEAST_MESSAGES]


def _drop(key: str) -> Change:
    return lambda data, rng: data.pop(key)


def _put(key: str, value: object) -> Change:
    return lambda data, rng: data.update({key: value})


CHANGES: dict[str, Change] = {
    "gap": lambda data, rng: data.update(t=5_000),
    "known id": _put("t", 1_003),
    "off the grid": _put("p", "60000.05"),
    "finer than a lot": _put("q", "0.0005"),
    "zero": _put("q", "0.000"),
    "no price": _put("p", "-1"),
    "exponent": _put("p", "6e4"),
    "many digits": _put("q", "1" * 25),
    "point first": _put("q", ".5"),
    "point last": _put("q", "5."),
    "number for text": _put("q", 5),
    "other symbol": _put("s", "ETHUSDT"),
    "off the book": _put("X", "INSURANCE_FUND"),
    "some other execution": _put("X", "LIMIT"),
    "no execution": _drop("X"),
    "no side": _drop("m"),
    "no time": _drop("T"),
    "no price field": _drop("p"),
    "too old": _put("T", 5),
    "beyond numbers": _put("T", 10**17),
    "negative id": _put("t", -1),
    "unknown field": _put("zz", {"deep": [1]}),
    "unknown letter": _put("Q", "x"),
    "float id": _put("t", 1.5),
    "side in words": _put("m", "true"),
    "null": _put("m", None),
    "other event": _put("e", "aggTrade"),
    "reordered": lambda data, rng: [data.update({key: data.pop(key)}) for key in ("E", "p", "e")],
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_odd_message_changes_nothing_else(name: str) -> None:
    rng = random.Random(4)
    for place in (0, 70, 150, 299):
        rows = [trade(i) for i in range(300)]
        CHANGES[name](rows[place], rng)
        require_same([enveloped(row) for row in rows])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"}}", b"} }"), (b'"t":', b'"t": '), (b'"t":', b'"t":0'), (b'"t":', b'"t":1,"t":'),
        (b"true", b"tru"), (b"}}", b"}"), (b"}}", b"}}}"), (b'"data":{', b'"data":{,'),
        (b',"p"', b'"p"'), (b'"q":"', b'"q":"\\'),
        (b"MARKET", b"MARK\\u0045T"), (b"BTCUSDT", b"BTC\\u0055SDT"), (b'"s"', b'"\xc3\xa9"'),
        (b'"stream":', b'"stream" :'), (b'"p":"', b'"p":"\xff'), (b"@trade", b"@tradf"),
    ],
)  # fmt: skip
def test_bytes_that_are_not_plain_go_the_usual_way(old: bytes, new: bytes) -> None:
    messages = [enveloped(trade(i)) for i in range(200)]
    for place in (101, 199):
        messages[place] = messages[place].replace(old, new)
    require_same(messages)


def test_a_run_that_breaks_off_in_the_middle_of_a_message() -> None:
    messages = [enveloped(trade(i)) for i in range(200)]
    whole = messages[-1]
    for length in range(0, len(whole), 7):
        require_same([*messages[:-1], whole[:length]])


def test_streams_and_odd_messages_in_any_mixture() -> None:
    rng = random.Random(9)
    changes = list(CHANGES.values())
    for _ in range(8):
        messages = []
        ids = {"BTCUSDT": 0, "ETHUSDT": 0}
        symbol = "BTCUSDT"
        for _ in range(700):
            if rng.random() < 0.01:
                symbol = rng.choice(list(ids))
            row = trade(ids[symbol], symbol)
            ids[symbol] += 1
            if rng.random() < 0.005:
                rng.choice(changes)(row, rng)
            messages.append(enveloped(row, f"{symbol.lower()}@trade"))
        require_same(messages)


def test_times_a_day_off_are_refused_inside_a_run_as_outside() -> None:
    messages = [enveloped(trade(i)) for i in range(200)]
    receive_ns = times(200)
    receive_ns[150:] = [at + 86_400 * 10**9 for at in receive_ns[150:]]
    whole = require_same(messages, receive_ns)
    assert whole.refusals.counts


def test_batches_of_any_size_give_the_same() -> None:
    messages = [enveloped(trade(i)) for i in range(900)]
    whole = codec().decode(messages, times(900)).tobytes()
    for size in (1, 63, 64, 65, 130, 899):
        split = codec()
        parts = [
            split.decode(messages[i : i + size], times(900)[i : i + size])
            for i in range(0, 900, size)
        ]
        assert np.concatenate(parts).tobytes() == whole
