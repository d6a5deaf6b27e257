import pytest

from undertow.domain.errors import ConfigurationError
from undertow.storage.data_cache import CacheConfig, DataCache, DataKind
from undertow.timeline.clock import ManualClock

MS = 1_000_000
START = 1_700_000_000_000 * MS


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def test_an_answer_lives_as_long_as_its_kind(clock: ManualClock) -> None:
    cache = DataCache(clock, CacheConfig(ticker_ms=200, candles_ms=1_000))
    cache.put(DataKind.TICKER, "BTC", b"1")
    cache.put(DataKind.CANDLES, "BTC", b"2")
    clock.advance(199 * MS)
    assert cache.get(DataKind.TICKER, "BTC") == b"1"
    clock.advance(MS)
    assert cache.get(DataKind.TICKER, "BTC") is None
    assert cache.get(DataKind.CANDLES, "BTC") == b"2"
    assert (cache.size(DataKind.TICKER), cache.size(DataKind.CANDLES)) == (0, 1)


def test_one_request_serves_all_who_ask(clock: ManualClock) -> None:
    cache, asked = DataCache(clock), []

    def ask() -> bytes:
        asked.append(clock.now_ns())
        return b"%d" % len(asked)

    answers = [cache.get_or_ask(DataKind.TICKER, "ETH", ask) for _ in range(5)]
    clock.advance(1_000 * MS)
    answers.append(cache.get_or_ask(DataKind.TICKER, "ETH", ask))
    assert answers == [b"1"] * 5 + [b"2"]
    counts = cache.counts[DataKind.TICKER]
    assert (counts.hits, counts.misses, counts.puts) == (4, 2, 2)


def test_a_failed_request_leaves_nothing(clock: ManualClock) -> None:
    cache = DataCache(clock)

    def fail() -> bytes:
        raise TimeoutError("the vendor did not answer")

    with pytest.raises(TimeoutError):
        cache.get_or_ask(DataKind.VENDOR, "heatmap", fail)
    assert cache.get(DataKind.VENDOR, "heatmap") is None


def test_zero_means_never_kept_and_a_full_kind_drops_the_oldest(clock: ManualClock) -> None:
    cache = DataCache(clock, CacheConfig(ticker_ms=0, most_answers=2))
    cache.put(DataKind.TICKER, "BTC", b"1")
    assert cache.get(DataKind.TICKER, "BTC") is None
    for key in ("a", "b", "c"):
        cache.put(DataKind.VENDOR, key, b"1")
    assert [cache.get(DataKind.VENDOR, key) for key in ("a", "b", "c")] == [None, b"1", b"1"]
    cache.drop(DataKind.VENDOR, "b")
    cache.drop(DataKind.VENDOR, "b")
    assert cache.size(DataKind.VENDOR) == 1


def test_kinds_are_the_fields_of_the_configuration() -> None:
    assert {kind.value for kind in DataKind} == set(CacheConfig.__struct_fields__) - {
        "most_answers"
    }


@pytest.mark.parametrize("field", CacheConfig.__struct_fields__)
def test_impossible_times_are_refused(field: str) -> None:
    with pytest.raises(ConfigurationError, match=f"expected {field} of at least"):
        CacheConfig(**{field: -1})
