import typing

import msgspec

from undertow.domain.event import CircuitBreakerTriggered, Event


def test_events_survive_the_journal() -> None:
    event = CircuitBreakerTriggered(at_ns=1, rule="daily_ladder", level=2, reason="x", until_ns=0)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(event), type=Event) == event


def test_every_event_is_frozen_and_tagged_by_its_name() -> None:
    for kind in typing.get_args(Event):
        config = kind.__struct_config__
        assert config.frozen
        assert config.tag == kind.__name__
