import pytest

from undertow.backtest.exit_reason import exit_reason
from undertow.domain.order import Purpose


@pytest.mark.parametrize(
    ("reason", "purpose", "expected"),
    [
        ("stop_loss", Purpose.PROTECT, "stop_loss"),
        ("trailing_stop", Purpose.PROTECT, "trailing_stop_loss"),
        ("take_profit", Purpose.EXIT, "roi"),
        ("crossed back", Purpose.EXIT, "exit_signal"),
        ("reversal: entry", Purpose.EXIT, "exit_signal"),
        ("risk: daily loss lock", Purpose.FLATTEN, "force_exit"),
        ("emergency_exit: stop not possible", Purpose.FLATTEN, "emergency_exit"),
        ("whatever", Purpose.PROTECT, "stop_loss"),
        ("whatever", Purpose.FLATTEN, "force_exit"),
        ("liquidation", Purpose.EXIT, "liquidation"),
    ],
)
def test_exits_have_the_names_that_users_know(reason: str, purpose: Purpose, expected: str) -> None:
    assert exit_reason(reason, purpose) == expected
