import json

from undertow.cli.flow_view.chosen_symbol import chosen_symbol
from undertow.cli.flow_view.flow_report import FlowReport, flow_report, report_json
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState


def test_a_report_is_of_one_instant(report: FlowReport, state: FlowState) -> None:
    assert (report.asset, report.instrument) == ("BTC", "BTC/USDT:USDT@aster")
    assert report.time_ns == state.now_ns
    assert report.time == "2026-01-05 00:34:59 UTC"
    assert report.left_out == {}


def test_reporting_changes_nothing(state: FlowState, table: InstrumentTable) -> None:
    before = state.digest()
    flow_report(state, chosen_symbol(table, "ETH"))
    assert state.digest() == before


def test_json_has_null_for_what_is_not_known(table: InstrumentTable) -> None:
    fresh = flow_report(FlowState(table, ["one"]), chosen_symbol(table, "BTC"))
    text = json.dumps(report_json(fresh), allow_nan=False)
    data = json.loads(text)
    assert data["venues"][0]["last"] is None
    assert data["profile"] is None
    assert len(data["left_out"]) == 4
