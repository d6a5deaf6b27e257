"""Funding of each venue and of the asset: units, weights, the next settlement."""

from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.domain.errors import CallerError
from undertow.domain.market_event import FundingPaid, MarkPrice, OpenInterest
from undertow.flow.funding import funding

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_040 * S
HOUR = 3600 * S


@pytest.fixture
def tape(make_tape: Make) -> Any:
    """Alpha pays every 8 hours, beta every hour; beta holds three times as much."""
    tape = make_tape()
    tape.beat(0, 100)
    mark = 50_000 * 10**8
    for second, alpha_h, beta_h in ((5, -8, -1), (10, 0, 0)):
        t = T0 + second * S
        for member, source, hours, rate in (
            (1, 0, alpha_h, 8 * 10**8),  # 0.08 % per 8 hours
            (2, 1, beta_h, -3 * 10**8),  # -0.03 % per hour
        ):
            next_ns = T0 + hours * HOUR + HOUR
            tape.events.append(MarkPrice(member, source, t, t + 1, mark, 1, rate, next_ns))
    t = T0 + 20 * S
    tape.events.append(OpenInterest(1, 0, t, t + 1, 100))
    tape.events.append(OpenInterest(2, 1, t, t + 1, 300))
    tape.events.append(FundingPaid(2, 1, t, t + 1, mark, 10**8))
    return tape


def test_rates_are_per_hour_and_weighted_by_open_interest(tape: Any) -> None:
    found = funding(tape.play())
    assert found.by_venue == {"alpha": pytest.approx(1e-4), "beta": pytest.approx(-3e-4)}
    assert found.per_hour == pytest.approx((1e-4 - 3 * 3e-4) / 4)
    assert found.annualised == pytest.approx(found.per_hour * 8760)
    assert found.paid_per_hour == pytest.approx(1e-4)
    assert found.rising == pytest.approx(-2e-4 - 1e-4)
    assert found.sentiment == 1.0
    alpha, beta, gamma = found.members
    assert (alpha.interval_s, beta.interval_s) == (28_800, 3600)
    assert (alpha.is_interval_assumed, gamma.is_interval_assumed) == (False, True)
    assert alpha.open_usd == pytest.approx(100 * 0.01 * 50_000)
    assert isnan(gamma.predicted)
    assert isnan(gamma.open_usd)


def test_the_next_settlement_is_told_and_flagged(tape: Any) -> None:
    asset = tape.play()
    found = funding(asset)
    assert found.next_ns == T0 + HOUR
    assert found.seconds_to_next == pytest.approx(3600 - 98)
    assert not found.is_near
    assert funding(asset, near_s=3600).is_near


@pytest.mark.parametrize(("normaliser", "sentiment"), [(0.001, 1.0), (0.0032, 0.5)])
def test_negative_funding_is_bullish(normaliser: float, sentiment: float, tape: Any) -> None:
    # -0.02 % an hour is -0.16 % in 8 hours.
    found = funding(tape.play(), normaliser=normaliser)
    assert found.sentiment == pytest.approx(sentiment)


def test_without_open_interest_all_count_alike(make_tape: Make) -> None:
    tape = make_tape(funding_interval_s=3600)
    tape.beat(0, 50)
    for member, source, rate in ((1, 0, 10**8), (2, 1, 5 * 10**8)):
        t = T0 + 5 * S
        tape.events.append(MarkPrice(member, source, t, t + 1, 10**8, 1, rate, T0 + HOUR))
    found = funding(tape.play())
    assert found.per_hour == pytest.approx(3e-4)
    assert isnan(found.paid_per_hour)


def test_nobody_told_is_no_signal(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 50)
    found = funding(tape.play())
    assert (found.is_sufficient, isnan(found.sentiment), found.by_venue) == (False, True, {})
    assert (found.next_ns, found.is_near) == (0, False)
    with pytest.raises(CallerError, match="normaliser above 0"):
        funding(tape.asset, normaliser=0.0)
