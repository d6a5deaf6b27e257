from tests.risk.protections.looks import look, trade

from undertow.domain.time import NS_PER_S
from undertow.risk.protections.cooldown import Cooldown


def test_an_instrument_rests_after_its_trade() -> None:
    locks = Cooldown(stop_s=60).locks(look(100, trade(40), trade(100, 2.0, instrument="ETH")))
    assert [(lock.instrument_id, lock.until_ns) for lock in locks] == [("ETH", 160 * NS_PER_S)]
    assert locks[0].covers("any strategy", "ETH", -1)
    assert not locks[0].covers("any strategy", "BTC", 1)


def test_a_gain_needs_no_rest_when_only_losses_do() -> None:
    cooldown = Cooldown(stop_s=60, only_losses=True)
    assert cooldown.locks(look(100, trade(100, 2.0))) == []
    assert len(cooldown.locks(look(100, trade(100, -0.1)))) == 1
