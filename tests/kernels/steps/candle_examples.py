"""An example of every candlestick pattern, after fifteen calm candles of body 4 and range 8.

After those a body over 4 is long, one up to 0.8 a doji's, a shadow under 2 short, under 0.8 very
short; 1.6 is near and 0.4 equal.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.step import Step

Candle = tuple[float, float, float, float]
Column = NDArray[np.float64]

CALM: list[Candle] = [(98.0, 104.0, 96.0, 102.0), (102.0, 104.0, 96.0, 98.0)] * 7 + [
    (98.0, 104.0, 96.0, 102.0)
]
LONG_BLACK, LONG_WHITE = (110.0, 111.0, 99.0, 100.0), (100.0, 111.0, 99.0, 110.0)
WHITE, GAPPED = (100.0, 105.0, 99.0, 104.0), (107.0, 112.0, 106.0, 111.0)

ONE: dict[str, tuple[list[Candle], float]] = {
    "doji": ([(100, 103, 97, 100)], 100),
    "dragonfly_doji": ([(100, 100, 94, 100)], 100),
    "gravestone_doji": ([(100, 106, 100, 100)], 100),
    "long_legged_doji": ([(100, 103, 97, 100.5)], 100),
    "rickshaw_man": ([(100, 103, 97, 100.5)], 100),
    "takuri": ([(100, 100, 94, 100)], 100),
    "belt_hold": ([(100, 112, 100, 109)], 100),
    "closing_marubozu": ([(100, 110, 98, 110)], 100),
    "marubozu": ([(100, 110, 100, 110)], 100),
    "long_line": ([(100, 111, 99, 110)], 100),
    "short_line": ([(100, 102, 99, 101)], 100),
    "spinning_top": ([(100, 104, 97, 101)], 100),
    "high_wave": ([(100, 105, 96, 101)], 100),
    "hammer": ([(110, 111, 105, 106), (105, 106, 100, 106)], 100),
    "hanging_man": ([(100, 106, 99, 105), (106, 107, 101, 107)], -100),
    "inverted_hammer": ([(110, 111, 105, 106), (104, 109, 104, 105)], 100),
    "shooting_star": ([(100, 106, 99, 105), (106, 111, 106, 107)], -100),
}
TWO: dict[str, tuple[list[Candle], float]] = {
    "engulfing": ([(104, 105, 99, 100), (99, 106, 98, 105)], 100),
    "harami": ([LONG_BLACK, (103, 105, 102, 104)], 100),
    "harami_cross": ([LONG_BLACK, (104, 106, 103, 104)], 100),
    "doji_star": ([LONG_WHITE, (112, 113, 111, 112)], -100),
    "counterattack": ([LONG_BLACK, (90, 101, 89, 100)], 100),
    "separating_lines": ([(104, 105, 99, 100), (104, 115, 104, 114)], 100),
    "dark_cloud_cover": ([LONG_WHITE, (112, 113, 103, 104)], -100),
    "piercing": ([LONG_BLACK, (98, 108, 97, 107)], 100),
    "on_neck": ([LONG_BLACK, (95, 99.5, 94, 99)], -100),
    "in_neck": ([LONG_BLACK, (95, 100.5, 94, 100)], -100),
    "thrusting": ([LONG_BLACK, (95, 104, 94, 103)], -100),
    "homing_pigeon": ([LONG_BLACK, (106, 107, 102, 103)], 100),
    "matching_low": ([(105, 106, 99, 100), (103, 104, 99, 100)], 100),
    "kicking": ([(110, 110, 100, 100), (112, 122, 112, 122)], 100),
    "kicking_by_length": ([(110, 110, 98, 98), (112, 122, 112, 122)], -100),
}
THREE: dict[str, tuple[list[Candle], float]] = {
    "two_crows": ([LONG_WHITE, (115, 116, 111, 112), (113, 114, 104, 105)], -100),
    "upside_gap_two_crows": ([LONG_WHITE, (114, 115, 111, 112), (115, 116, 110.5, 111)], -100),
    "three_inside": ([LONG_BLACK, (103, 105, 102, 104), (104, 113, 103, 112)], 100),
    "three_outside": ([(104, 105, 99, 100), (99, 106, 98, 105), (105, 109, 104, 108)], 100),
    "three_stars_in_the_south": (
        [(120, 121, 98, 110), (115, 116, 105, 109), (110, 110, 108, 108)], 100,
    ),
    "three_white_soldiers": (
        [(100, 105, 99, 105), (103, 109, 102, 109), (107, 113, 106, 113)], 100,
    ),
    "advance_block": (
        [(100, 107, 99, 106.5), (104, 109, 103, 108.5), (107, 112, 106, 109)], -100,
    ),
    "stalled_pattern": ([(100, 107, 99, 106), (105, 112, 104, 112), (112, 114, 111, 113)], -100),
    "identical_three_crows": (
        [(110, 111, 105, 105), (105, 106, 100, 100), (100, 101, 95, 95)], -100,
    ),
    "abandoned_baby": ([LONG_BLACK, (95, 96, 94, 95), (98, 108, 97, 107)], 100),
    "evening_star": ([LONG_WHITE, (112, 114, 111, 113), (111, 112, 102, 103)], -100),
    "evening_doji_star": ([LONG_WHITE, (112, 113, 111, 112), (111, 112, 102, 103)], -100),
    "morning_star": ([LONG_BLACK, (98, 99, 96, 97), (99, 108, 98, 107)], 100),
    "morning_doji_star": ([LONG_BLACK, (98, 99, 97, 98), (99, 108, 98, 107)], 100),
    "gap_side_by_side_white": ([WHITE, GAPPED, GAPPED], 100),
    "tasuki_gap": ([WHITE, GAPPED, (110, 111, 104.5, 105.5)], 100),
    "gap_three_methods": ([WHITE, GAPPED, (110, 111, 101, 102)], 100),
    "stick_sandwich": ([(105, 106, 99, 100), (102, 107, 101, 106), (107, 108, 99, 100)], 100),
    "tristar": ([(100, 101, 99, 100), (103, 104, 102, 103), (101, 102, 100, 101)], -100),
    "unique_three_river": ([LONG_BLACK, (108, 109, 95, 103), (97, 100, 96, 99)], 100),
}  # fmt: skip
MANY: dict[str, tuple[list[Candle], float]] = {
    "three_black_crows": (
        [(100, 112, 99, 111), (110, 111, 105, 105), (108, 109, 101, 101), (104, 105, 97, 97)], -100,
    ),
    "three_line_strike": (
        [WHITE, (102, 108, 101, 107), (105, 111, 104, 110), (112, 113, 97, 98)], 100,
    ),
    "concealing_baby_swallow": (
        [(120, 120, 112, 112), (113, 113, 105, 105), (103, 107, 99, 100), (108, 109, 97, 98)], 100,
    ),
    "breakaway": (
        [
            (120, 121, 109, 110), (106, 108, 103, 104), (105, 107, 101, 103), (103, 105, 99, 100),
            (101, 109, 100, 108),
        ], 100,
    ),
    "ladder_bottom": (
        [
            (120, 121, 115, 116), (117, 118, 112, 113), (114, 115, 109, 110), (110, 113, 106, 107),
            (111, 116, 110, 115),
        ], 100,
    ),
    "mat_hold": (
        [
            (100, 113, 99, 112), (115, 116, 113, 114), (112, 113, 110, 111), (111, 112, 109, 110),
            (111, 119, 110, 118),
        ], 100,
    ),
    "rising_falling_three_methods": (
        [
            (100, 113, 99, 112), (110, 111, 107, 108), (108, 109, 105, 106), (106, 107, 103, 104),
            (105, 118, 104, 117),
        ], 100,
    ),
    "hikkake": (
        [(100, 110, 95, 105), (102, 108, 97, 104), (101, 107, 96, 103), (103, 110, 102, 109)], 200,
    ),
    "modified_hikkake": (
        [
            (100, 115, 85, 110), (100, 112, 88, 89), (95, 105, 92, 96), (95, 104, 91, 95),
            (95, 107, 94, 106),
        ], 200,
    ),
}  # fmt: skip
MIRRORED = (
    "belt_hold", "closing_marubozu", "marubozu", "long_line", "short_line", "spinning_top",
    "high_wave", "engulfing", "harami", "harami_cross", "doji_star", "counterattack",
    "separating_lines", "kicking", "kicking_by_length", "three_inside", "three_outside",
    "abandoned_baby", "tasuki_gap", "gap_three_methods", "tristar", "three_line_strike",
    "breakaway", "rising_falling_three_methods", "hikkake", "modified_hikkake",
)  # fmt: skip
"""Patterns that speak both ways: turned upside down, they say the opposite."""


def columns(candles: list[Candle]) -> tuple[Column, ...]:
    """Open, high, low, close."""
    return tuple(np.array(column, np.float64) for column in zip(*candles, strict=True))


def upside_down(candles: list[Candle]) -> list[Candle]:
    """The same candles mirrored around 100: a rise is a fall."""
    return [(200.0 - o, 200.0 - low, 200.0 - high, 200.0 - c) for o, high, low, c in candles]


def last_value(step: Step, candles: list[Candle], *constants: float) -> float:
    """What a step says of the last of some candles."""
    given = columns(candles)
    out = np.full((1, len(given[0])), np.nan)
    step.run(given, np.array(constants), np.zeros(400), out)
    return float(out[0, -1])
