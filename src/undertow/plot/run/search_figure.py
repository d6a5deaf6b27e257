"""What a search saw: every try across its parameters, and the loss over two of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from undertow.backtest.search.losses import WORST
from undertow.backtest.search.search_result import SearchResult, SearchRow
from undertow.domain.errors import CallerError, UnknownNameError
from undertow.domain.parameter import Value
from undertow.domain.suggestion import did_you_mean
from undertow.plot.drawing import Curve, Drawing, Heat, Panel, Points, Shape, Words
from undertow.plot.figure import Figure
from undertow.plot.ink import Ink

_MOST_LINES = 400
_BEST_SHARE = 0.1


def parallel_coordinates(result: SearchResult) -> Figure:
    """A line a try through its parameters and its first loss, each scaled to its own range; the
    best tenth stands out, the best of all most.

    Where the good lines spread over a whole axis, that parameter hardly matters; where they meet in
    one point at the edge of an axis, its range is too small. At most 400 tries, the best ones.
    """
    rows = sorted(_told(result), key=lambda row: (row.losses, row.number))[:_MOST_LINES]
    axes = [*result.spaces, result.losses[0]]
    places = np.array([_scaled([row.parameters[name] for row in rows]) for name in result.spaces])
    losses = _scaled([row.losses[0] for row in rows])
    table = np.vstack((places.reshape(len(result.spaces), len(rows)), losses))
    good = max(1, round(len(rows) * _BEST_SHARE))
    x = np.arange(len(axes), dtype=np.float64)
    edges = (*(_range_text(rows, name) for name in result.spaces), _loss_text(rows))
    marks = (
        _lines(x, table[:, good:], "other tries", Ink.QUIET, 0.6),
        _lines(x, table[:, :good], f"best {good}", Ink.BUY, 1.2),
        Curve(x, table[:, 0], "the best", Ink.SELL, 2.6),
        Words(x, np.full(len(axes), -0.07), tuple(axes)),
        Words(x, np.full(len(axes), 1.07), edges),
    )
    return Figure(
        Drawing(
            title=f"{result.strategy}: {len(rows)} tries",
            panels=(Panel("lowest to highest", marks),),
            subtitle=result.overfit.words,
            x_label="parameters, then the loss (small is good)",
            has_time_axis=False,
        )
    )


def loss_surface(result: SearchResult, across: str, up: str) -> Figure:
    """The smallest first loss found at each pair of values of two parameters; nothing where no try
    was. A plateau is worth more than a peak: what is good only at one point was fitted to it.
    """
    for name in (across, up):
        if name not in result.spaces:
            raise UnknownNameError(
                f"expected a searched parameter, found {name!r};{did_you_mean(name, result.spaces)}"
            )
    rows = [row for row in _told(result) if row.losses[0] < WORST]
    if across == up or not rows:
        raise CallerError("expected two parameters and tries with a loss, found fewer")
    xs, ys = (_values(rows, name) for name in (across, up))
    grid = np.full((len(ys), len(xs)), np.nan)
    for row in rows:
        j, i = ys.index(row.parameters[up]), xs.index(row.parameters[across])
        grid[j, i] = np.fmin(grid[j, i], row.losses[0])
    best = result.best
    x_edges, y_edges = (np.arange(len(values) + 1) - 0.5 for values in (xs, ys))
    marks = (
        Heat(x_edges, y_edges, grid, f"smallest {result.losses[0]} loss"),
        Points(
            np.array([float(xs.index(best.parameters[across]))]),
            np.array([float(ys.index(best.parameters[up]))]),
            "the best",
            Ink.SELL,
            Shape.DIAMOND,
            11.0,
        ),
        Words(
            np.arange(len(xs), dtype=np.float64),
            np.full(len(xs), -0.4),
            tuple(f"{value}" for value in xs),
        ),
    )
    names = tuple((float(place), f"{value}") for place, value in enumerate(ys))
    return Figure(
        Drawing(
            title=f"{result.strategy}: loss over {across} and {up}",
            panels=(Panel(up, marks, y_names=names),),
            subtitle=result.overfit.words,
            x_label=across,
            has_time_axis=False,
        )
    )


def _told(result: SearchResult) -> list[SearchRow]:
    rows = [row for row in result.done if row.repeats < 0]
    if not rows:
        raise CallerError("expected a search with tries that were done, found none")
    return rows


def _values(rows: Sequence[SearchRow], name: str) -> list[Value]:
    return sorted({row.parameters[name] for row in rows}, key=_order)


def _order(value: Value) -> tuple[str, float]:
    return (value, 0.0) if isinstance(value, str) else ("", float(value))


def _scaled(values: Sequence[Value]) -> NDArray[np.float64]:
    # Numbers by value, words by their place in the alphabet, both on 0 .. 1.
    kinds = sorted(set(values), key=_order)
    is_number = not any(isinstance(value, str) for value in values)
    floats = np.array([float(v) if is_number else float(kinds.index(v)) for v in values])
    width = float(floats.max() - floats.min())
    return (floats - floats.min()) / width if width else np.full(len(floats), 0.5)


def _lines(
    x: NDArray[np.float64], table: NDArray[np.float64], label: str, ink: Ink, width: float
) -> Curve:
    # All lines as one mark with gaps between them.
    gap = np.full((1, table.shape[1]), np.nan)
    ys = np.vstack((table, gap)).T.ravel()
    xs = np.tile(np.append(x, np.nan), table.shape[1])
    return Curve(xs, ys, label, ink, width)


def _loss_text(rows: Sequence[SearchRow]) -> str:
    return f"{rows[0].losses[0]:.4g} .. {rows[-1].losses[0]:.4g}"


def _range_text(rows: Sequence[SearchRow], name: str) -> str:
    values = _values(rows, name)
    return f"{values[0]} .. {values[-1]}"
