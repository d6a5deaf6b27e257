import msgspec

from undertow.decision.location import Location, PlaceKind


def test_survives_msgpack() -> None:
    place = Location(PlaceKind.GAP, 1, 2, 0.6)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(place), type=Location) == place
