import msgspec
import pytest

from undertow.strategies.scalper import Scalper
from undertow.strategies.scalper_presets import EMBEDDED, LOOSE, PRESETS, STRICT


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_pure_data(name: str) -> None:
    plain = msgspec.json.decode(msgspec.json.encode(PRESETS[name]))
    assert msgspec.convert(plain, Scalper) == PRESETS[name]


def test_strict_asks_more_and_loose_less_than_the_default() -> None:
    default = Scalper()
    for stricter, softer in ((STRICT, default), (default, LOOSE)):
        assert stricter.regime.min_adx > softer.regime.min_adx
        assert stricter.economics.cost_multiple > softer.economics.cost_multiple
        assert stricter.filters.threshold > softer.filters.threshold


def test_embedded_needs_less_than_an_hour_of_history() -> None:
    regime = EMBEDDED.regime
    assert regime.timeframe == "1m"
    assert max(regime.persistence_bars, regime.reversion_bars, regime.history_bars + 14) <= 60
    assert EMBEDDED.zone.zones.rules.volume_period < 60


def test_stops_stay_within_the_default_limit() -> None:
    assert all(preset.stop.max_ppm <= 5_000 for preset in PRESETS.values())
