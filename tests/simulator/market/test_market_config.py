import msgspec
import pytest

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.time import utc_text
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates


def test_it_starts_at_a_fixed_time() -> None:
    assert utc_text(MarketConfig().start_ns) == "2026-01-05T00:00:00.000000000Z"


def test_quiet_has_nothing_to_find() -> None:
    quiet = MarketConfig(assets=("ETH",)).quiet()
    assert quiet.patterns == PatternRates.none()
    assert not quiet.has_regimes
    assert quiet.assets == ("ETH",)


def test_names_choose_specs_in_their_order() -> None:
    config = MarketConfig(assets=("SOL", "BTC"), venues=("cetus",))
    assert [spec.name for spec in config.chosen_assets()] == ["SOL", "BTC"]
    assert [spec.name for spec in config.chosen_venues()] == ["cetus"]


def test_a_wrong_name_is_answered_with_a_near_one() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'borea'"):
        MarketConfig(venues=("boreas",))
    with pytest.raises(UnknownNameError, match="found 'EUR'"):
        MarketConfig(assets=("EUR",))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("block_ns", 150_000_000),
        ("block_ns", 11_000_000_000),
        ("book_levels", 5),
        ("feed_latency_floor_ns", -1),
        ("mark_interval_s", 0),
        ("excitation", 0.9),
        ("opposite_excitation", -0.1),
        ("excitation_decay_per_s", 0.0),
        ("impact_share", 1.0),
        ("trend_bias", 0.5),
        ("assets", ()),
        ("assets", ("BTC", "BTC")),
    ],
)
def test_impossible_settings_are_refused(field: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        msgspec.convert({field: value}, MarketConfig)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"whales": 1}, MarketConfig)
