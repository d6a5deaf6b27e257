"""Under which assumptions signals become trades on bars."""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.signal_stake import SignalStake
from undertow.domain.errors import ConfigurationError
from undertow.domain.instrument import Instrument
from undertow.kernels.backtest import bar_run
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.fill_preset import Fills, exchange_config
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import FixedSpread

_PPM = 1e6


class SignalRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The models of a vectorised run; what is None comes from the preset or the instrument.

    fills: the preset of the simulator. taker_ppm: fee rate, as every fill takes. slippage,
    half_spread_ppm: beyond the last price. is_on_grid: False lets prices and quantities be any
    number. leverage: a position may be this many times the account. maintenance_ppm: of the
    notional.
    """

    fills: Fills = Fills.PESSIMISTIC
    stake: SignalStake = SignalStake()
    taker_ppm: int | None = None
    slippage: Slippage | None = None
    half_spread_ppm: int | None = None
    is_on_grid: bool = True
    leverage: float = 1.0
    maintenance_ppm: int = 5_000

    def __post_init__(self) -> None:
        if not 1.0 <= self.leverage < math.inf or not 0 <= self.maintenance_ppm < _PPM:
            raise ConfigurationError(
                "expected leverage of at least 1 and maintenance_ppm in 0 .. 999,999, "
                f"found {self.leverage} and {self.maintenance_ppm}"
            )

    def venue(self) -> ExchangeConfig:
        """The simulated venue that these rules stand for."""
        changed: dict[str, object] = {}
        if self.slippage is not None:
            changed["slippage"] = self.slippage
        if self.half_spread_ppm is not None:
            changed["half_spread"] = FixedSpread(self.half_spread_ppm)
        return exchange_config(self.fills, Fidelity.BARS, **changed)

    def row(self, instrument: Instrument, timeframe_s: int) -> NDArray[np.void]:
        """The `RULES` of one instrument, shape (1,)."""
        venue = self.venue()
        fees = instrument.fees
        taker = fees.taker_ppm if self.taker_ppm is None else self.taker_ppm
        spread = venue.half_spread
        row = np.zeros(1, bar_run.RULES)
        row["taker"] = taker / _PPM
        row["half_rate"] = (spread.half_ppm if isinstance(spread, FixedSpread) else 0) / _PPM
        row["slip_rate"] = venue.slippage.rate_ppm / _PPM
        row["slip_ticks"] = venue.slippage.min_ticks
        row["range_share"] = venue.slippage.range_share_ppm / _PPM
        row["range_scale"] = math.sqrt(1.0 / timeframe_s)
        row["tick"] = instrument.price_step.float(1) if self.is_on_grid else 0.0
        row["lot"] = instrument.qty_step.float(1) if self.is_on_grid else 0.0
        row["stake_mode"], row["stake"] = self.stake.code, self.stake.amount
        row["leverage"], row["maintenance"] = self.leverage, self.maintenance_ppm / _PPM
        return row

    def sentences(self) -> tuple[str, ...]:
        """The assumptions in words, a line each."""
        venue = self.venue()
        return (
            f"fills {self.fills!s}: market orders at the next bar's open, worsened by half a "
            f"spread of {venue.half_spread} and slippage of {venue.slippage}",
            "a stop inside a bar fills at its price, a bar beyond it at its open, both worsened",
            "a target is noticed one bar after it was reached and left at the next open",
            "no order is limited by the volume of its bar; each instrument has its own account",
            "funding: as recorded in the data at the next open, none where it is not",
            f"stake {self.stake.mode.value} {self.stake.amount:g}, leverage {self.leverage:g}",
        )
