"""Concurrency and uniqueness of labels, and the sample weights made of them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series
from undertow.stats.label_span import LabelSpans


def label_concurrency(spans: LabelSpans, bars: int) -> NDArray[np.int64]:
    """How many labels' closed spans cover each bar, shape (bars,).

    spans: in places of bars, all within 0 to bars - 1.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, snippet 4.1.
    """
    _check_inside(spans, bars)
    begun = np.bincount(spans.starts, minlength=bars + 1)
    ended = np.bincount(spans.ends + 1, minlength=bars + 1)
    return np.cumsum(begun - ended)[:bars].astype(np.int64)


def average_uniqueness(spans: LabelSpans, bars: int) -> NDArray[np.float64]:
    """Mean of 1 / concurrency over the bars of each label, shape (n,); 1 for a label alone.

    Source: Lopez de Prado (2018), snippet 4.2.
    """
    shares = 1.0 / np.maximum(label_concurrency(spans, bars), 1)
    return span_sums(shares, spans) / (spans.ends - spans.starts + 1)


def return_attribution_weights(
    closes: ArrayLike, spans: LabelSpans, *, is_entry_bar_counted: bool = True
) -> NDArray[np.float64]:
    """|sum over its bars of log return / concurrency| of each label, scaled to sum to their number.

    closes: shape (bars,). The book counts the return INTO the label's first bar, which is known at
    entry; is_entry_bar_counted=False starts one bar later, without that look at what is no part
    of the label. The first bar of all has no return (0). NaN where no price moves.

    Source: Lopez de Prado (2018), snippet 4.10.
    """
    prices = checked_series(closes, "closes", least=1)
    if not (prices > 0.0).all():
        raise CallerError(f"expected closes above 0, found {prices.min()}")
    moves = np.concatenate([[0.0], np.diff(np.log(prices))])
    shares = moves / np.maximum(label_concurrency(spans, len(prices)), 1)
    sums = span_sums(shares, spans)
    sizes = np.abs(sums if is_entry_bar_counted else sums - shares[spans.starts])
    total = float(sizes.sum())
    return sizes * (len(sizes) / total) if total > 0.0 else np.full(len(sizes), np.nan)


def time_decay_weights(uniqueness: ArrayLike, oldest: float) -> NDArray[np.float64]:
    """Piecewise-linear decay over cumulated uniqueness x, newest weight 1, shape (n,).

    uniqueness: of labels in time order. oldest in 0 to 1: the weight tends to it at x = 0 (1: no
    decay), slope (1 - c)/x_last; in -1 to 0 (excluded): the oldest |c| share of x gets 0, slope
    1/((c + 1) x_last).

    Source: Lopez de Prado (2018), snippet 4.11.
    """
    array = checked_series(uniqueness, "uniqueness", least=1)
    if not (array > 0.0).all():
        raise CallerError(f"expected uniqueness above 0, found {array.min()}")
    if not -1.0 < oldest <= 1.0:
        raise CallerError(f"expected an oldest weight above -1 and at most 1, found {oldest!r}")
    x = np.cumsum(array)
    slope = (1.0 - oldest) / x[-1] if oldest >= 0.0 else 1.0 / ((oldest + 1.0) * x[-1])
    return np.asarray(np.maximum(1.0 - slope * (x[-1] - x), 0.0))


def span_sums(values: NDArray[np.float64], spans: LabelSpans) -> NDArray[np.float64]:
    """Sum of `values` over each closed span, shape (n,); no differences of running sums.

    Source: definition.
    """
    padded = np.append(values, 0.0)
    edges = np.column_stack([spans.starts, spans.ends + 1]).ravel()
    return np.asarray(np.add.reduceat(padded, edges)[::2])


def _check_inside(spans: LabelSpans, bars: int) -> None:
    if spans.starts.min() < 0 or spans.ends.max() >= bars:
        raise CallerError(
            f"expected spans within bars 0 to {bars - 1}, found {spans.starts.min()} to "
            f"{spans.ends.max()}"
        )
