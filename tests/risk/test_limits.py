import msgspec
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.risk.limits import RiskLimits


@pytest.mark.parametrize(
    "wrong",
    [
        {"risk_per_trade_ppm": 0},
        {"risk_per_trade_ppm": 30_000},
        {"max_risk_per_trade_ppm": 60_000},
        {"max_stop_ppm": 20_000},
        {"max_leverage": 50},
        {"ladder_lock_ppm": 1},
        {"drawdown_pause_ppm": 300_000},
    ],
)
def test_limits_out_of_bounds_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match="out of its bounds"):
        RiskLimits(**wrong)  # type: ignore[arg-type]  # a mapping of one wrong field


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"risk_per_trade": 1}, RiskLimits)
