from undertow.simulator.seeded_stream import SeededStream


def test_same_seed_same_numbers() -> None:
    one, two = SeededStream(5), SeededStream(5)
    assert [one.normal() for _ in range(5)] == [two.normal() for _ in range(5)]
    assert one.below(10**9) == two.below(10**9)


def test_restored_stream_goes_on() -> None:
    stream = SeededStream(5)
    stream.below(7)
    state = stream.dump()
    told = [stream.normal(), stream.below(1000), stream.normal()]
    other = SeededStream(0)
    other.load(state)
    assert [other.normal(), other.below(1000), other.normal()] == told


def test_chance() -> None:
    stream = SeededStream(5)
    before = stream.dump()
    assert not any(stream.chance(0) for _ in range(100))
    assert stream.dump() == before
    assert all(stream.chance(1_000_000) for _ in range(100))
    assert 350 < sum(stream.chance(200_000) for _ in range(2_000)) < 450
