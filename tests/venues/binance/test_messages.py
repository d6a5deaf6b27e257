import msgspec
import pytest

from undertow.venues.binance.messages import (
    BookTickerMessage,
    DepthMessage,
    Head,
    SnapshotBody,
    SpotBookTickerMessage,
    TradeMessage,
)


def head(text: bytes) -> Head:
    return msgspec.json.decode(text, type=Head)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        (b'{"e":"trade","s":"BTCUSDT"}', "BTCUSDT"),
        (b'{"lastUpdateId":1,"symbol":"BTCUSD_PERP"}', "BTCUSD_PERP"),
        (b'{"e":"forceOrder","o":{"s":"ETHUSDT"}}', "ETHUSDT"),
        (b'{"e":"24hrTicker","o":"0.0010"}', ""),
        (b'{"lastUpdateId":1}', ""),
    ],
)
def test_a_head_finds_the_symbol_wherever_it_stands(text: bytes, symbol: str) -> None:
    assert head(text).market_symbol == symbol


def test_a_head_tells_envelopes_answers_and_payloads_apart() -> None:
    assert head(b'{"stream":"a@trade","data":{"e":"trade"}}').is_envelope
    assert head(b'{"stream":"!a","data":null}').is_envelope
    answers = (b'{"result":null,"id":1}', b'{"error":{},"id":1}', b'{"code":2,"msg":""}')
    assert all(head(text).is_answer for text in answers)
    plain = head(b'{"e":"trade","s":"BTCUSDT"}')
    assert (plain.is_envelope, plain.is_answer) == (False, False)


def test_a_depth_keeps_its_levels_as_text_and_knows_absent_fields() -> None:
    text = b'{"e":"depthUpdate","E":1,"s":"A","U":2,"u":3,"b":[["1","2"]],"a":[]}'
    message = msgspec.json.decode(text, type=DepthMessage)
    assert (bytes(message.bids), bytes(message.asks)) == (b'[["1","2"]]', b"[]")
    assert (message.previous_id, message.transacted) == (-1, 0)
    assert msgspec.json.encode(message) == text


def test_spot_tickers_have_no_event_name_and_decode_all_the_same() -> None:
    text = msgspec.json.encode(SpotBookTickerMessage(1, "A", "1", "2", "3", "4"))
    assert text == b'{"u":1,"s":"A","b":"1","B":"2","a":"3","A":"4"}'
    assert msgspec.json.decode(text, type=BookTickerMessage).ask_qty == "4"


@pytest.mark.parametrize("field", [b'"t":-1', b'"t":9223372036854775808', b'"t":"5"', b'"t":1.5'])
def test_ids_are_whole_and_fit(field: bytes) -> None:
    text = b'{"e":"trade","E":1,"s":"A",' + field + b',"p":"1","q":"1","T":1,"m":true}'
    with pytest.raises(msgspec.ValidationError, match=r"\$\.t"):
        msgspec.json.decode(text, type=TradeMessage)


def test_a_wrong_event_name_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="Invalid value 'aggTrade'"):
        msgspec.json.decode(b'{"e":"aggTrade"}', type=TradeMessage)


def test_a_snapshot_needs_both_sides() -> None:
    with pytest.raises(msgspec.ValidationError, match="asks"):
        msgspec.json.decode(b'{"lastUpdateId":1,"bids":[]}', type=SnapshotBody)
