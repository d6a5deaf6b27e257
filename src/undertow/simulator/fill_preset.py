"""Three sets of fill assumptions, from the least to the most flattering.

The presets differ only in what the data cannot show: which price a taker gets beyond the last one,
whether a touched limit order was filled, who in a queue cancelled, and in which order a bar's
prices came. Latency, fees, funding, margin, and the share of the volume that may be ours are the
same in all three: they move fills in time or size, and then no order of the results would hold.

For a fixed schedule of orders and without fees a better preset never ends with less; for a strategy
whose decisions depend on its own fills, or that cancels, that is likely and not certain: a limit
order that was not filled may have been a loss avoided (docs/simulator/presets.md).
"""

from enum import StrEnum
from typing import Any

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.simulator.assumptions import describe as describe
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import FIDELITY_OF_DATA, Fidelity
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.queue_model import QueueModel
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import FixedSpread
from undertow.timeline.market_data import DataFidelity


class Fills(StrEnum):
    """How flattering the assumed fills are; `PESSIMISTIC` is the default everywhere."""

    PESSIMISTIC = "pessimistic"
    BASE = "base"
    OPTIMISTIC = "optimistic"


_PRESETS: dict[Fills, dict[str, Any]] = {
    Fills.PESSIMISTIC: {
        "queue_model": QueueModel.PESSIMISTIC,
        "slippage": Slippage(1, 500, 500_000),
        "half_spread": FixedSpread(100),
        "at_share_ppm": 0,
        "intrabar_path": IntrabarPath.WORST_CASE,
        "is_gap_improved": False,
    },
    Fills.BASE: {
        "queue_model": QueueModel.PROPORTIONAL,
        "slippage": Slippage(1, 250, 250_000),
        "half_spread": FixedSpread(50),
        "at_share_ppm": 250_000,
        "intrabar_path": IntrabarPath.NEAREST_EXTREME,
        "is_gap_improved": False,
    },
    Fills.OPTIMISTIC: {
        "queue_model": QueueModel.OPTIMISTIC,
        "slippage": Slippage(0, 0, 0),
        "half_spread": FixedSpread(0),
        "at_share_ppm": 1_000_000,
        "intrabar_path": IntrabarPath.BEST_CASE,
        "is_gap_improved": True,
    },
}
_PARTICIPATION_PPM = {Fidelity.BARS: 100_000, Fidelity.TRADES: 1_000_000}


def exchange_config(
    fills: Fills | str, fidelity: DataFidelity | Fidelity, **overrides: Any
) -> ExchangeConfig:
    """The venue's models under a preset, for data of a class.

    overrides: fields of `ExchangeConfig` that win over the preset. Raises `ConfigurationError` for
    an unknown preset or field.
    """
    names = msgspec.structs.fields(ExchangeConfig)
    known = [field.name for field in names]
    for name in overrides:
        if name not in known:
            raise ConfigurationError(
                f"expected a field of ExchangeConfig, found {name!r};{did_you_mean(name, known)}"
            )
    if fills not in list(Fills):
        raise ConfigurationError(
            f"expected fills of {', '.join(Fills)}, found {str(fills)!r};"
            f"{did_you_mean(str(fills), [preset.value for preset in Fills])}"
        )
    matched = FIDELITY_OF_DATA[fidelity] if isinstance(fidelity, DataFidelity) else fidelity
    given = {
        **_PRESETS[Fills(fills)],
        "fidelity": matched,
        "participation_ppm": _PARTICIPATION_PPM.get(matched, 100_000),
    }
    return ExchangeConfig(**{**given, **overrides})
