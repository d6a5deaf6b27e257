"""Returns by month and year."""

import numpy as np

from undertow.backtest.result import BacktestResult
from undertow.plot.drawing import Drawing, Heat, Panel, Words
from undertow.plot.figure import Figure
from undertow.stats.equity_returns import until_ruin
from undertow.stats.period_returns import monthly_returns

_MONTHS = 12


def calendar(result: BacktestResult) -> Figure:
    """A row for each year, a column for each month (UTC), compounded; the last one is the year."""
    levels = until_ruin(result.equity.equity)
    found = monthly_returns(result.equity.time_ns[: len(levels)], levels)
    months = found.month.astype("datetime64[M]").astype(np.int64)
    years = months // _MONTHS + 1970
    first, last = int(years.min()), int(years.max())
    grid = np.full((last - first + 1, _MONTHS + 1), np.nan)
    grid[years - first, months % _MONTHS] = found.returns * 100.0
    # A month without a value is one that the run did not see: it earned nothing.
    grid[:, _MONTHS] = (np.prod(1.0 + np.nan_to_num(grid[:, :_MONTHS]) / 100.0, axis=1) - 1.0) * 100
    rows, columns = np.nonzero(np.isfinite(grid))
    texts = tuple(f"{grid[row, column]:+.1f}" for row, column in zip(rows, columns, strict=True))
    # Years run down, like the pages of a calendar.
    # The year's colour would pale the months'.
    shades = grid.copy()
    shades[:, _MONTHS] = np.nan
    heat = Heat(
        np.arange(_MONTHS + 2) + 0.5,
        -(np.arange(first, last + 2)[::-1]) + 0.5,
        shades[::-1],
        "return (%)",
        is_diverging=True,
    )
    words = Words(columns + 1.0, -(rows + first).astype(np.float64), texts)
    return Figure(
        Drawing(
            title=f"{', '.join(result.strategies)}: returns by month (%)",
            panels=(
                Panel(
                    "year",
                    (heat, words),
                    y_names=tuple((-float(year), str(year)) for year in range(first, last + 1)),
                ),
            ),
            subtitle="compounded from marked-to-market equity; column 13: the year",
            x_label="month",
            has_time_axis=False,
            height_px=140 + 60 * len(grid),
        )
    )
