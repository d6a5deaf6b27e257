from math import isnan

import pytest

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.told_regimes import told_pressure, told_regimes, told_whales
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.conviction import conviction
from undertow.flow.cvd_divergence import cvd_divergence
from undertow.flow.flow_state import FlowState
from undertow.flow.funding import funding
from undertow.flow.oi_regime import oi_regime
from undertow.flow.open_interest import open_interest
from undertow.flow.whale_trades import whale_activity


def test_regimes_are_those_of_the_asset(report: FlowReport, state: FlowState) -> None:
    asset, told = state.asset("BTC"), report.regimes
    assert told.funding_per_hour == funding(asset).per_hour
    assert told.oi_usd == open_interest(asset).open_usd > 0.0
    assert told.oi_changes["15m"] == open_interest(asset).changes[15].fraction
    assert told.basis_bps == pytest.approx(asset.series(5).basis_bps[-1])
    assert set(told.oi_changes) == {"5m", "15m", "25m", "60m", "180m"}


def test_pressure_is_of_the_instrument(report: FlowReport, state: FlowState) -> None:
    flow = next(m for m in state.asset("BTC").members if m.instrument.is_perp)
    assert report.pressure.ofi_lots == flow.ofi_by_second(1)[0]


def test_states_are_those_of_the_measures(report: FlowReport, state: FlowState) -> None:
    series, told = state.asset("BTC").series(320), report.regimes
    assert (told.leader, told.leader_side) == (conviction(series).leader, conviction(series).side)
    assert (told.regime, told.regime_side) == (oi_regime(series).regime, oi_regime(series).side)
    assert told.divergence_side == cvd_divergence(series).side


def test_whales_are_those_of_all_members(report: FlowReport, state: FlowState) -> None:
    found = whale_activity(state.asset("BTC").healthy(), 300)
    assert (report.whales.buys, report.whales.sell_usd) == (found.buys, found.sell_value)


def test_before_any_row_nothing_is_known(table: InstrumentTable) -> None:
    fresh = FlowState(table, ["one"])
    told = told_regimes(fresh.asset("BTC"), fresh.asset("BTC").series(10))
    assert isnan(told.funding_per_hour)
    assert isnan(told.basis_bps)
    assert told.trap_side == 0
    assert isnan(told_pressure(fresh[0]).zscore)
    assert told_whales(fresh.asset("BTC")).side == 0
