"""Sums over venues: health, kinds, money."""

from collections.abc import Callable
from math import isnan
from typing import Any

import pytest

from undertow.domain.event_rows import to_array
from undertow.domain.instrument import MarketKind
from undertow.domain.market_event import Quote, SourceStatus, Trade
from undertow.domain.side import Side
from undertow.flow.flow_config import FlowConfig
from undertow.flow.member_minutes import Absence

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_000 * S
TRADES = (
    Trade(0, 0, T0, T0, Side.BUY, 1000, 3000, 1),  # 3 coins at 100
    Trade(1, 0, T0, T0, Side.SELL, 1010, 1000, 1),  # 1 coin at 101
    Trade(2, 1, T0, T0, Side.BUY, 1000, 5, 1),  # 500 dollars at 100
)


def fed(state: Any, *events: Any) -> Any:
    rows = to_array(events)
    assert state.advance(rows, 0, len(rows), 2**62) == len(rows)
    return state.asset("BTC")


def test_sums_over_venues_and_kinds(make_state: Make) -> None:
    asset = fed(make_state(), *TRADES)
    assert asset.is_complete
    assert asset.excluded == ()
    assert asset.cvd_base() == pytest.approx(3 - 1 + 5)
    assert asset.cvd_usd(60) == pytest.approx(300 - 101 + 500)
    assert asset.cvd_base(kind=MarketKind.SPOT) == pytest.approx(3)
    assert asset.cvd_usd(kind=MarketKind.INVERSE) == 500.0
    assert asset.cvd_by_venue(60) == pytest.approx({"alpha": 199, "beta": 500})
    assert asset.window_usd(30) == (pytest.approx(800), pytest.approx(101))
    assert asset.window_usd(30, kind=MarketKind.LINEAR) == (0.0, pytest.approx(101))
    assert asset.watermark_ns == T0 - S


def test_an_unhealthy_venue_is_left_out_by_name(make_state: Make) -> None:
    state = make_state()
    asset = fed(state, *TRADES)
    fed(state, Trade(2, 1, T0 + 11 * S, T0 + 11 * S, Side.BUY, 1000, 1, 2))
    assert asset.excluded == ("BTC/USDT@alpha", "BTC/USDT:USDT@alpha")
    assert not asset.is_complete
    assert asset.cvd_by_venue() == {"beta": 600.0}
    fed(state, Trade(0, 0, T0 + 12 * S, T0 + 12 * S, Side.BUY, 1000, 1000, 2))
    assert asset.is_complete
    assert asset.cvd_base() == pytest.approx(4 - 1 + 6)


def test_a_venue_never_heard_is_left_out(make_state: Make) -> None:
    asset = fed(make_state(), *TRADES[:2])
    assert asset.excluded == ("BTC/USD:BTC@beta",)
    assert asset.cvd_usd() == pytest.approx(199)
    assert make_state().asset("BTC").watermark_ns == 0


def test_each_exclusion_has_its_reason(make_state: Make) -> None:
    state = make_state()
    asset = fed(state, *TRADES[:2])
    assert asset.exclusions == {"BTC/USD:BTC@beta": Absence.NOT_BEGUN}
    fed(state, TRADES[2], SourceStatus(0, 0, T0, T0, is_healthy=False))
    assert asset.exclusions == {"BTC/USDT@alpha": Absence.LOST}
    state.set_source_health(1, is_healthy=False)
    state.advance_clock(T0 + 60 * S)
    assert asset.exclusions == {
        "BTC/USDT@alpha": Absence.LOST,
        "BTC/USDT:USDT@alpha": Absence.SILENT,
        "BTC/USD:BTC@beta": Absence.DOWN,
    }


def test_only_dollars_are_added_to_dollars(make_state: Make) -> None:
    asset = fed(make_state(FlowConfig(dollar_quotes=("USD",))), *TRADES)
    assert asset.not_in_dollars == ("BTC/USDT@alpha", "BTC/USDT:USDT@alpha")
    assert asset.cvd_usd() == 500.0
    assert asset.cvd_base() == pytest.approx(7)


def test_basis_compares_perpetuals_with_spot(make_state: Make) -> None:
    state = make_state()
    asset = fed(state, *TRADES)
    assert asset.basis_bps() == pytest.approx(((101 + 100) / 2 / 100 - 1) * 1e4)
    fed(state, Quote(0, 0, T0, T0, 1009, 1, 1011, 1))
    assert asset.basis_bps() == pytest.approx((100.5 / 101 - 1) * 1e4)
    assert isnan(make_state().asset("BTC").basis_bps())


def test_members_in_the_tables_order(make_state: Make) -> None:
    asset = fed(make_state(), *TRADES)
    assert [member.index for member in asset.members] == [0, 1, 2]
    assert [member.index for member in asset.healthy(MarketKind.LINEAR)] == [1]
    assert asset.base == "BTC"
