from pathlib import Path

from undertow.cli.flow_view.chosen_symbol import chosen_symbol
from undertow.cli.flow_view.flow_plots import figures_of, write_plots
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_state import FlowState


def test_figures_are_written_once_each(
    state: FlowState, table: InstrumentTable, tmp_path: Path
) -> None:
    chosen = chosen_symbol(table, "BTC")
    written, lacking = write_plots(state, chosen, tmp_path / "png", tmp_path / "html")
    names = set(figures_of(state, chosen)) - set(lacking)
    assert {path.stem for path in written} == names
    assert len(written) == 2 * len(names)
    assert len(names) >= 8
    assert (tmp_path / "html" / "plotly.min.js").exists()


def test_what_cannot_be_drawn_is_said(table: InstrumentTable, tmp_path: Path) -> None:
    fresh = FlowState(table, ["one"])
    written, lacking = write_plots(fresh, chosen_symbol(table, "BTC"), tmp_path, None)
    assert written == []
    assert "expected" in lacking["bars"]
