"""Worked by hand."""

from math import isnan

import msgspec

from undertow.ledger.margin_level import (
    OpenQuestion,
    available_margin,
    is_margin_call,
    margin_ratio,
    refusals_to_open,
    required_margin,
)
from undertow.ledger.margin_tiers import MarginTier, MarginTiers


def test_required_and_available() -> None:
    assert required_margin(50_000, 0.2, 10) == 1_000
    assert required_margin(50_000, 20, 10, contract_size=0.01) == 1_000
    cross = available_margin(5_000, position_margin=1_000, order_margin=200, unrealised=-300)
    assert cross == 3_500
    isolated = available_margin(
        5_000, position_margin=1_000, order_margin=200, unrealised=-300, is_isolated=True
    )
    assert isolated == 3_800


def test_the_call_comes_before_the_liquidation() -> None:
    assert margin_ratio(80, 100) == 0.8
    assert is_margin_call(80, 100)
    assert not is_margin_call(79, 100)
    assert not is_margin_call(0, 0)
    assert is_margin_call(1, 0)
    assert isnan(margin_ratio(1, 0))


def test_every_reason_is_said() -> None:
    tiers = MarginTiers([MarginTier(0, 0.004, 20), MarginTier(10_000, 0.01, 5)])
    fine = OpenQuestion(notional=5_000, leverage=10, available=503, tiers=tiers, fee=0.0005)
    assert refusals_to_open(fine) == ()
    poor = msgspec.structs.replace(fine, available=502)
    assert refusals_to_open(poor) == ("expected margin and fee of at most 502, found 502.5",)
    large = msgspec.structs.replace(fine, held_notional=5_000)
    assert refusals_to_open(large) == ("expected a leverage of at most 5, found 10",)
    nothing = msgspec.structs.replace(fine, notional=0)
    assert refusals_to_open(nothing)[0].startswith("expected a notional")


def test_default_cap_of_leverage() -> None:
    question = OpenQuestion(notional=100, leverage=11, available=99, tiers=MarginTiers.flat(0.01))
    assert refusals_to_open(question) == ("expected a leverage of at most 10, found 11",)
