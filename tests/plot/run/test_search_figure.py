"""Figures of a search: what is drawn is what the rows say."""

import msgspec
import numpy as np
import pytest
from tests.backtest.search.test_search_result import TRIAL, searched

from undertow.backtest.search.losses import WORST
from undertow.backtest.search.search_result import SearchResult, SearchRow, TryState
from undertow.domain.errors import CallerError, UnknownNameError
from undertow.plot.drawing import Curve, Heat, Points, Words
from undertow.plot.run.search_figure import loss_surface, parallel_coordinates


@pytest.fixture
def grid() -> SearchResult:
    """Fast 2 .. 4 and an average; the loss is smallest at 3 with ema."""
    rows = [
        SearchRow(
            number=3 * place + fast - 2,
            state=TryState.DONE,
            parameters={"fast": fast, "average": average},
            losses=(abs(fast - 3) + (0.5 if average == "sma" else 0.0),),
            trial=TRIAL,
        )
        for place, average in enumerate(("sma", "ema"))
        for fast in (2, 3, 4)
    ]
    spaces = {"fast": "buy", "average": "sell"}
    return msgspec.structs.replace(searched("sharpe"), rows=tuple(rows), spaces=spaces)


def test_a_line_through_every_axis(grid: SearchResult) -> None:
    drawing = parallel_coordinates(grid).drawing
    others, good, best, names, edges = drawing.panels[0].marks
    assert isinstance(best, Curve)
    assert isinstance(others, Curve)
    assert isinstance(good, Curve)
    assert best.y.tolist() == [0.5, 0.0, 0.0]  # fast in the middle, ema before sma, least loss
    assert np.isnan(others.y[3::4]).all()
    assert len(others.y) == 5 * 4
    assert len(good.y) == 4
    assert isinstance(names, Words)
    assert names.texts == ("fast", "average", "sharpe")
    assert isinstance(edges, Words)
    assert edges.texts == ("2 .. 4", "ema .. sma", "0 .. 1.5")
    assert drawing.subtitle == grid.overfit.words


def test_the_surface_holds_the_smallest_loss_of_each_pair(grid: SearchResult) -> None:
    heat, best, _ = loss_surface(grid, "fast", "average").drawing.panels[0].marks
    assert isinstance(heat, Heat)
    assert isinstance(best, Points)
    assert heat.values.tolist() == [[1.0, 0.0, 1.0], [1.5, 0.5, 1.5]]
    assert (best.x.tolist(), best.y.tolist()) == ([1.0], [0.0])


def test_what_cannot_be_drawn(grid: SearchResult) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'fast'"):
        loss_surface(grid, "fats", "average")
    with pytest.raises(CallerError, match="two parameters"):
        loss_surface(grid, "fast", "fast")
    worst = tuple(msgspec.structs.replace(row, losses=(WORST,)) for row in grid.rows)
    with pytest.raises(CallerError, match="with a loss"):
        loss_surface(msgspec.structs.replace(grid, rows=worst), "fast", "average")
    failed = tuple(msgspec.structs.replace(row, state=TryState.FAILED) for row in grid.rows)
    with pytest.raises(CallerError, match="found none"):
        parallel_coordinates(msgspec.structs.replace(grid, rows=failed))


def test_they_render(grid: SearchResult, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    assert parallel_coordinates(grid).png(folder / "a.png").stat().st_size > 1_000
    assert loss_surface(grid, "fast", "average").png(folder / "b.png").stat().st_size > 1_000
