from typing import Any

import pytest

from undertow.cli.view import figures
from undertow.domain.time import NS_PER_S


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (0.456, "0.46"), (12.34, "12.3"), (789.4, "789"), (999.7, "1.00k"),
        (1234.0, "1.23k"), (-45_600.0, "-45.6k"), (7.8e6, "7.80M"), (2e9, "2.00B"),
        (float("nan"), "-"), (float("inf"), "-"),
    ],
)  # fmt: skip
def test_compact_keeps_three_figures(value: float, text: str) -> None:
    assert figures.compact(value) == text


def test_signs_are_shown_on_request() -> None:
    assert figures.compact(12.0, plus=True) == "+12.0"
    assert figures.money(-1234.5, plus=True) == "-1,234.50"
    assert figures.money(float("nan")) == "-"
    assert figures.percent(0.126) == "+0.13%"
    assert figures.percent(float("nan")) == "-"


def test_counts_are_whole_below_a_thousand() -> None:
    assert (figures.count(0), figures.count(999), figures.count(1000)) == ("0", "999", "1.00k")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0s"), (42, "42s"), (187, "3m07s"), (7500, "2h05m"), (356_400, "4d03h")],
)
def test_spans_have_two_units(seconds: int, text: str) -> None:
    assert figures.span(seconds * NS_PER_S) == text


def test_prices_and_names_are_the_instrument_s(open_run: Any) -> None:
    perp = open_run.engine.table.get("BTC/USDT:USDT@aster")
    spot = open_run.engine.table.get("BTC/USDT@borea")
    assert figures.price(perp, 957_424) == "95,742.4"
    assert figures.price(perp, 0) == "-"
    assert figures.short_name(perp) == "BTC perp aster"
    assert figures.short_name(spot) == "BTC spot borea"
