import pytest

from undertow.domain.errors import UnknownNameError
from undertow.venues.binance.limits import CONNECTIONS, COSTS, LIMITS, request_cost
from undertow.venues.binance.market import SNAPSHOT_LEVELS, BinanceMarket
from undertow.venues.rate_limit import LinkedLimit


def test_every_charge_goes_to_a_limit_that_exists(market: BinanceMarket) -> None:
    limits = {limit.limit_id for limit in LIMITS[market]}
    charges = [charge for cost in COSTS[market] for charge in cost.charges_for(1)]
    assert {charge.limit_id for charge in charges} <= limits
    assert all(charge.weight > 0 for charge in charges)


def test_the_largest_snapshot_has_a_cost(market: BinanceMarket) -> None:
    charges = request_cost(market, "depth").charges_for(SNAPSHOT_LEVELS[market])
    weight = {"binance.spot": 250}.get(market.value, 20)
    assert charges[0] == LinkedLimit("REQUEST_WEIGHT", weight)


def test_an_unknown_request_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'depth'"):
        request_cost(BinanceMarket.SPOT, "dept")


def test_connections_have_limits(market: BinanceMarket) -> None:
    assert CONNECTIONS[market].streams >= 200
    assert CONNECTIONS[market].lifetime_s == 86_400
