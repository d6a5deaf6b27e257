"""Why risk refuses: stable codes, counted and shown to people."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """One code per rule; the words are in `Refused.reason`."""

    KILL_SWITCH = "kill_switch"
    DAY_LOCKED = "day_locked"
    DRAWDOWN_STOP = "drawdown_stop"
    PAUSED = "paused"
    COOLDOWN = "cooldown"
    PROTECTED = "protected"
    OUTCOME_UNKNOWN = "outcome_unknown"
    UNHEALTHY_DATA = "unhealthy_data"
    NOT_ALLOWED = "not_allowed"
    NO_SHORT_ON_SPOT = "no_short_on_spot"
    STOP_MISSING = "stop_missing"
    STOP_WRONG_SIDE = "stop_wrong_side"
    STOP_TOO_FAR = "stop_too_far"
    STOP_BEYOND_LIQUIDATION = "stop_beyond_liquidation"
    PRICE_BAND = "price_band"
    DUPLICATE = "duplicate"
    MAX_POSITIONS = "max_positions"
    MAX_TRADES = "max_trades"
    POSITION_LIMIT = "position_limit"
    EXPOSURE_LIMIT = "exposure_limit"
    ASSET_LIMIT = "asset_limit"
    HEAT_LIMIT = "heat_limit"
    STAKE_LIMIT = "stake_limit"
    INSUFFICIENT_CASH = "insufficient_cash"
    BELOW_MINIMUM = "below_minimum"
    NOTHING_TO_DO = "nothing_to_do"
