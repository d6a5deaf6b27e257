"""The figures of what `undertow flow` shows, written into a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from undertow.cli.flow_view.chosen_symbol import ChosenSymbol
from undertow.domain.errors import CallerError
from undertow.flow.consolidated_book import consolidated_book
from undertow.flow.flow_state import FlowState
from undertow.flow.magnetic_levels import magnetic_levels

if TYPE_CHECKING:
    from undertow.plot import Figure


def figures_of(state: FlowState, chosen: ChosenSymbol) -> "dict[str, Callable[[], Figure]]":
    """Every figure by the name of its file; each is made when called."""
    from undertow import plot

    asset, flow = state.asset(chosen.asset), state[chosen.index]
    return {
        "bars": lambda: plot.bars(flow),
        "structure": lambda: plot.zones(flow, 60, 240),
        "zones": lambda: plot.zones(flow),
        "profile": lambda: plot.profile(flow),
        "ofi": lambda: plot.ofi(flow),
        "ofi_by_level": lambda: plot.level_flows(flow),
        "heatmap": lambda: plot.heatmap(flow, magnets=magnetic_levels(flow)),
        "walls": lambda: plot.walls(flow),
        "levels": lambda: plot.levels(flow, magnetic_levels(asset)),
        "depth": lambda: plot.depth(consolidated_book(asset)),
        "book_imbalance": lambda: plot.book_imbalance(flow),
        "imbalance": lambda: plot.imbalance(flow),
        "imbalance_by_venue": lambda: plot.imbalance(asset),
        "cvd_by_venue": lambda: plot.cvd_by_venue(asset),
        "divergences": lambda: plot.divergences(asset),
        "regimes": lambda: plot.regimes(asset),
        "leaders": lambda: plot.leaders(asset),
        "open_interest": lambda: plot.open_interest(asset),
        "liquidations": lambda: plot.liquidations(asset),
        "whales": lambda: plot.whales(asset),
    }


def write_plots(
    state: FlowState, chosen: ChosenSymbol, png: Path | None, html: Path | None
) -> tuple[list[Path], dict[str, str]]:
    """The files written, and the figures left out by name with what they lacked.

    Images go to `png`, pages (which share one copy of plotly) to `html`; None for not at all.
    """
    written: list[Path] = []
    lacking: dict[str, str] = {}
    for folder in (png, html):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    for name, make in figures_of(state, chosen).items():
        try:
            figure = make()
        except CallerError as error:
            lacking[name] = str(error)
            continue
        if png is not None:
            written.append(figure.png(png / f"{name}.png"))
        if html is not None:
            written.append(figure.html(html / f"{name}.html", library="directory"))
    return written, lacking
