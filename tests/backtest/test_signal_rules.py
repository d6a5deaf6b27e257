"""Rules of a vectorised run are the venue's presets, in the kernel's terms."""

import pytest

from undertow.backtest.signal_rules import SignalRules
from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import Step
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.simulator.fill_preset import Fills
from undertow.simulator.slippage import Slippage

SPOT = Instrument(
    "A/USDT", "x", "A", MarketKind.SPOT, "A", "USDT", "USDT", Step.of("0.01"), Step.of("0.001"),
    fees=FeeSchedule(100, 700),
)  # fmt: skip


def test_presets_become_numbers() -> None:
    row = SignalRules().row(SPOT, 60)[0]
    assert row["taker"] == 700e-6
    assert (row["half_rate"], row["slip_rate"], row["slip_ticks"]) == (100e-6, 500e-6, 1)
    assert (row["tick"], row["lot"]) == (0.01, 0.001)
    free = SignalRules(fills=Fills.OPTIMISTIC, taker_ppm=0, is_on_grid=False).row(SPOT, 60)[0]
    assert (free["taker"], free["half_rate"], free["slip_rate"], free["tick"]) == (0, 0, 0, 0)
    own = SignalRules(slippage=Slippage(3, 0, 0), half_spread_ppm=7).row(SPOT, 60)[0]
    assert (own["slip_ticks"], own["half_rate"]) == (3, 7e-6)


def test_words_and_refusals() -> None:
    assert any("volume" in line for line in SignalRules().sentences())
    with pytest.raises(ConfigurationError, match="leverage"):
        SignalRules(leverage=0.5)
