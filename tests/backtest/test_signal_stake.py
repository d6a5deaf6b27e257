"""Stakes are read from their words."""

import pytest

from undertow.backtest.signal_stake import SignalStake, StakeMode
from undertow.domain.errors import ConfigurationError
from undertow.kernels.backtest import bar_run


def test_words_and_codes() -> None:
    assert SignalStake.of("all") == SignalStake(StakeMode.ALL, 1.0)
    assert SignalStake.of("money:250").amount == 250.0
    assert SignalStake.of("risk:0.005").code == bar_run.STAKE_RISK


@pytest.mark.parametrize("text", ["al", "share:x", "share:0", "money:-1", "share:inf"])
def test_wrong_words_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        SignalStake.of(text)
