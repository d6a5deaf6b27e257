"""One price for a bar, and bars drawn from averages."""

from undertow.kernels.step import Numbers, Step


def average_price_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. out: their mean."""
    out[0] = (x[0] + x[1] + x[2] + x[3]) / 4.0


AVERAGE_PRICE = Step(average_price_step)


def median_price_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low. out: their mean."""
    out[0] = (x[0] + x[1]) / 2.0


MEDIAN_PRICE = Step(median_price_step)


def typical_price_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. out: their mean."""
    out[0] = (x[0] + x[1] + x[2]) / 3.0


TYPICAL_PRICE = Step(typical_price_step)


def weighted_close_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: high, low, close. out: their mean with the close counted twice."""
    out[0] = (x[0] + x[1] + 2.0 * x[2]) / 4.0


WEIGHTED_CLOSE = Step(weighted_close_step)


def heikin_ashi_step(x: Numbers, p: Numbers, s: Numbers, out: Numbers) -> None:
    """x: open, high, low, close. out: close, open, high and low of the averaged bar.

    s: 1 once there is a bar before, its averaged open and close.
    """
    close = (x[0] + x[1] + x[2] + x[3]) / 4.0
    opened = (s[1] + s[2]) / 2.0 if s[0] == 1.0 else (x[0] + x[3]) / 2.0
    out[0] = close
    out[1] = opened
    out[2] = max(x[1], opened, close)
    out[3] = min(x[2], opened, close)
    s[0], s[1], s[2] = 1.0, opened, close


HEIKIN_ASHI = Step(heikin_ashi_step)
