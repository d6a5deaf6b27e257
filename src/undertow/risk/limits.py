"""The limits a run trades under; the same in paper and live (RISK-37)."""

from enum import StrEnum

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.risk.protections.kinds import Protection
from undertow.risk.stake import Stake


class LossScope(StrEnum):
    """What a streak of losses puts on cool-down."""

    ALL = "all"
    STRATEGY = "strategy"
    INSTRUMENT = "instrument"


class RiskLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares are parts per million (1 % = 10_000 ppm). Money is in the reporting currency.

    risk_per_trade_ppm: equity lost when the initial stop is hit, fees included (C-22: 1 %).
    max_risk_per_trade_ppm: absolute ceiling of the same (RISK-48).
    max_stop_ppm: widest initial stop, of the entry price (C-82: 0.5 %, never above 1 %).
    max_position_ppm / max_exposure_ppm / max_asset_ppm: notional of one position, of all, of one
    base coin, as a share of equity. max_position_notional / max_exposure_notional: the same as
    money, "0" = none; the tighter wins.
    max_heat_ppm: sum of what all open stops would lose, share of equity.
    max_positions, max_trades_per_day: counts, 0 = none.
    max_leverage: notional over margin on derivatives (C-23). maintenance_ppm: assumed maintenance
    margin; with it a stop must be met before the liquidation of the entry alone (RISK-10).
    margin_wanted_ppm, margin_reduce_ppm: margin buffer below which nothing is added, and below
    which the worst position is closed (`margin_guard`); margin_reduce_ppm 0 = never.
    tradable_ppm: share of a venue's free cash that entries may use (C-47).
    price_band_ppm: farthest an order's price may be from the last trade (fat finger).
    whitelist / blacklist: instrument ids; an empty whitelist allows all.
    ladder_*_ppm: loss since 00:00 UTC that alerts, closes the worst half, closes all, locks the day
    (C-18). max_daily_loss: the lock as money, "0" = none.
    drawdown_*_ppm: loss from the peak that halves size and pauses, alerts, stops for good (C-20).
    loss_streak, cooldown_s, loss_scope: after that many losses in a row, that long without entries.
    protections: rules that look back on trades and equity (`risk.protections`).
    stake: how entries are sized. is_research: for backtests of rules that were never meant to be
    traded as they are: entries may have wide stops or (with a stake) none, leverage may be higher,
    and only stake and cash bound their size. No live run accepts it.
    """

    risk_per_trade_ppm: int = 10_000
    max_risk_per_trade_ppm: int = 20_000
    max_stop_ppm: int = 5_000
    max_position_ppm: int = 250_000
    max_exposure_ppm: int = 1_000_000
    max_asset_ppm: int = 500_000
    max_position_notional: str = "0"
    max_exposure_notional: str = "0"
    max_heat_ppm: int = 50_000
    max_positions: int = 5
    max_trades_per_day: int = 0
    max_leverage: int = 3
    maintenance_ppm: int = 5_000
    margin_wanted_ppm: int = 500_000
    margin_reduce_ppm: int = 300_000
    tradable_ppm: int = 750_000
    price_band_ppm: int = 20_000
    whitelist: tuple[str, ...] = ()
    blacklist: tuple[str, ...] = ()
    ladder_alert_ppm: int = 20_000
    ladder_worst_half_ppm: int = 30_000
    ladder_close_all_ppm: int = 40_000
    ladder_lock_ppm: int = 50_000
    max_daily_loss: str = "0"
    drawdown_pause_ppm: int = 100_000
    drawdown_alert_ppm: int = 150_000
    drawdown_stop_ppm: int = 200_000
    drawdown_pause_s: int = 86_400
    loss_streak: int = 3
    cooldown_s: int = 3_600
    loss_scope: LossScope = LossScope.STRATEGY
    protections: tuple[Protection, ...] = ()
    stake: Stake = Stake()
    is_research: bool = False

    def __post_init__(self) -> None:
        self._require(
            0 < self.risk_per_trade_ppm <= self.max_risk_per_trade_ppm, "risk_per_trade_ppm"
        )
        self._require(self.max_risk_per_trade_ppm <= 50_000, "max_risk_per_trade_ppm (at most 5 %)")
        widest, most = (1_000_000, 125) if self.is_research else (10_000, 10)
        self._require(0 < self.max_stop_ppm <= widest, f"max_stop_ppm (at most {widest} ppm)")
        self._require(1 <= self.max_leverage <= most, f"max_leverage (1 to {most})")
        self._require(0 <= self.maintenance_ppm < 1_000_000, "maintenance_ppm (below 1,000,000)")
        buffers = (0, self.margin_reduce_ppm, self.margin_wanted_ppm, 999_999)
        self._require(list(buffers) == sorted(buffers), "margin_* (rising, below 1,000,000)")
        ladder = (
            self.ladder_alert_ppm,
            self.ladder_worst_half_ppm,
            self.ladder_close_all_ppm,
            self.ladder_lock_ppm,
        )
        self._require(ladder[0] > 0 and list(ladder) == sorted(ladder), "ladder_* (rising)")
        drawdown = (self.drawdown_pause_ppm, self.drawdown_alert_ppm, self.drawdown_stop_ppm)
        self._require(drawdown[0] > 0 and list(drawdown) == sorted(drawdown), "drawdown_* (rising)")

    @staticmethod
    def _require(condition: bool, what: str) -> None:  # noqa: FBT001 - a predicate, not a switch
        if not condition:
            raise ConfigurationError(f"risk limits: {what} is out of its bounds")
