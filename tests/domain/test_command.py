import typing

import msgspec

from undertow.domain.command import CancelOrder, Command, FlattenAll, OperatorCommand, QueryOrder
from undertow.domain.identity import ClientOrderId, InstrumentId

NAMES = ("aster", InstrumentId("BTC/USDT@aster"), ClientOrderId("ut1-o1"))


def test_commands_of_one_shape_are_told_apart() -> None:
    cancel, query = CancelOrder(*NAMES, 5), QueryOrder(*NAMES, 5)
    decoder = msgspec.msgpack.Decoder(Command)
    assert decoder.decode(msgspec.msgpack.encode(cancel)) == cancel
    assert decoder.decode(msgspec.msgpack.encode(query)) == query


def test_every_command_says_when_and_whereto() -> None:
    for kind in typing.get_args(Command):
        assert {"venue", "sent_ns"} <= set(kind.__struct_fields__)


def test_operators_say_where_they_come_from() -> None:
    for kind in typing.get_args(OperatorCommand):
        assert "origin" in kind.__struct_fields__
    flatten = FlattenAll("command", "going on holiday")
    encoded = msgspec.msgpack.encode(flatten)
    assert msgspec.msgpack.decode(encoded, type=OperatorCommand) == flatten
