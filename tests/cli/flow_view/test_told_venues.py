from math import isnan
from typing import Any

import pytest

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.told_venues import left_out
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState


def test_members_and_sums_are_those_of_the_flow(report: FlowReport, state: FlowState) -> None:
    asset = state.asset("BTC")
    assert [one.instrument_id for one in report.venues] == [
        str(member.instrument.instrument_id) for member in asset.members
    ]
    for told, member in zip(report.venues, asset.members, strict=True):
        assert (told.last, told.spread_bps) == (member.last_price, member.spread_bps)
        assert told.cvd_usd == pytest.approx(member.cvd_usd(900))
        assert told.cvd_line[-1] == member.bars(60, 60)["buy_lots"].sum() - (
            member.bars(60, 60)["sell_lots"].sum()
        )
        assert told.left_out == ""
    total, spot, perp = report.sums
    assert total.cvd_usd == pytest.approx(asset.cvd_usd(900))
    assert spot.cvd_usd == pytest.approx(asset.cvd_usd(900, kind=MarketKind.SPOT))
    assert spot.traded_usd + perp.traded_usd == pytest.approx(total.traded_usd)


def test_the_ladder_is_that_of_the_flow(report: FlowReport, state: FlowState) -> None:
    assert [one.seconds for one in report.windows] == [30, 60, 300, 900]
    for one in report.windows:
        bought, sold = state.asset("BTC").window_usd(one.seconds)
        assert (one.bought_usd, one.sold_usd) == (bought, sold)
        assert one.ratio == pytest.approx(bought / sold)
        assert one.imbalance == pytest.approx((bought - sold) / (bought + sold))


def test_who_is_left_out_is_said_with_the_reason(broken_report: FlowReport, state: Any) -> None:
    assert broken_report.left_out == {"BTC/USDT:USDT@borea": "borea.perp is down"}
    member = state.asset("BTC").members[0]
    assert left_out(member, state.now_ns) == ""


def test_before_any_row(table: InstrumentTable) -> None:
    from undertow.cli.flow_view.told_venues import told_venues

    fresh = FlowState(table, ["one"])
    told = told_venues(fresh.asset("BTC"), 0)
    assert {one.left_out for one in told} == {"nothing heard yet"}
    assert all(isnan(one.last) and one.cvd_usd == 0.0 for one in told)
