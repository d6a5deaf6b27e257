"""Statistics over plain arrays of floats; each function names its variant and its source.

Every public name can be imported from here; its module is loaded when it is first used, with
numpy and at most scipy behind it. Made by `python tools/stats_reference.py`.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undertow.stats.autocorrelation import LjungBox as LjungBox
    from undertow.stats.autocorrelation import autocorrelations as autocorrelations
    from undertow.stats.autocorrelation import chi_squared_tail as chi_squared_tail
    from undertow.stats.autocorrelation import ljung_box as ljung_box
    from undertow.stats.columns import Columns as Columns
    from undertow.stats.columns import checked_columns as checked_columns
    from undertow.stats.columns import checked_pair as checked_pair
    from undertow.stats.columns import checked_series as checked_series
    from undertow.stats.columns import deviations_of as deviations_of
    from undertow.stats.columns import quotient as quotient
    from undertow.stats.corwin_schultz import high_low_spread as high_low_spread
    from undertow.stats.hurst_exponent import (
        detrended_fluctuation_exponent as detrended_fluctuation_exponent,
    )
    from undertow.stats.hurst_exponent import (
        structure_function_exponent as structure_function_exponent,
    )
    from undertow.stats.pearson import correlation as correlation
    from undertow.stats.robust import OUTLIER_SCORE as OUTLIER_SCORE
    from undertow.stats.robust import capped as capped
    from undertow.stats.robust import capped_ratio as capped_ratio
    from undertow.stats.robust import median_absolute_deviation as median_absolute_deviation
    from undertow.stats.robust import modified_z_score as modified_z_score
    from undertow.stats.robust import modified_z_scores as modified_z_scores
    from undertow.stats.robust import robust_scale as robust_scale
    from undertow.stats.roll_estimator import roll_spread as roll_spread
    from undertow.stats.sharpe_ratio import sharpe as sharpe

# Module: names.
_TABLE = """
autocorrelation: LjungBox autocorrelations chi_squared_tail ljung_box
columns: Columns checked_columns checked_pair checked_series deviations_of quotient
corwin_schultz: high_low_spread
hurst_exponent: detrended_fluctuation_exponent structure_function_exponent
pearson: correlation
robust: OUTLIER_SCORE capped capped_ratio median_absolute_deviation modified_z_score
robust: modified_z_scores robust_scale
roll_estimator: roll_spread
sharpe_ratio: sharpe
"""
_HOMES = {
    name: home
    for home, names in (line.split(": ") for line in _TABLE.strip().splitlines())
    for name in names.split()
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'undertow.stats' has no attribute {name!r}")
    return getattr(importlib.import_module("undertow.stats." + home), name)


def __dir__() -> list[str]:
    return __all__
