from undertow.domain.money import Money
from undertow.domain.time import NS_PER_DAY
from undertow.ledger.equity_track import EquityTrack


def _usdt(text: str) -> Money:
    return Money.of(text, "USDT")


def test_a_day_starts_with_its_first_measurement() -> None:
    track = EquityTrack.start(NS_PER_DAY - 2, _usdt("1000"))
    track = track.updated(NS_PER_DAY - 1, _usdt("1100"))
    assert track.daily_profit == _usdt("100")
    track = track.updated(NS_PER_DAY, _usdt("1050"))
    assert (track.day_start, track.peak) == (_usdt("1050"), _usdt("1100"))
    track = track.updated(NS_PER_DAY + 1, _usdt("1000"))
    assert track.daily_profit == _usdt("-50")
