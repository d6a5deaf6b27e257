"""Adjusted p-values of several tests made at once: Bonferroni, Holm, Benjamini-Hochberg,
-Yekutieli.

The first two hold the chance of ANY false discovery (family-wise error rate), the last two the
expected SHARE of false ones among the discoveries (false discovery rate).
"""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series

Correction = Literal["bonferroni", "holm", "benjamini_hochberg", "benjamini_yekutieli"]


def bonferroni(p_values: ArrayLike) -> NDArray[np.float64]:
    """min(1, M p), in the order given; family-wise error rate under any dependence.

    Source: Dunn (1961), J. American Statistical Association 56.
    """
    given = _checked(p_values)
    return np.minimum(given * len(given), 1.0)


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Running maximum of (M - i + 1) p_(i), in the order given.

    Family-wise error rate under any dependence, never weaker than Bonferroni.

    Source: Holm (1979), Scandinavian J. of Statistics 6(2).
    """
    given = _checked(p_values)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * np.arange(len(given), 0, -1)
    return _back(np.maximum.accumulate(scaled), order)


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Running minimum from the right of p_(i) M / i, in the order given.

    False discovery rate under independence or positive regression dependence.

    Source: Benjamini and Hochberg (1995), J. Royal Statistical Society B 57(1).
    """
    return _false_discovery(_checked(p_values), 1.0)


def benjamini_yekutieli(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini-Hochberg times sum 1/i, in the order given.

    False discovery rate under any dependence; the BHY of Harvey and Liu.

    Source: Benjamini and Yekutieli (2001), Annals of Statistics 29(4).
    """
    given = _checked(p_values)
    return _false_discovery(given, float(np.sum(1.0 / np.arange(1, len(given) + 1))))


_CORRECTIONS: dict[str, Callable[[ArrayLike], NDArray[np.float64]]] = {
    "bonferroni": bonferroni,
    "holm": holm,
    "benjamini_hochberg": benjamini_hochberg,
    "benjamini_yekutieli": benjamini_yekutieli,
}


def adjusted_p_values(p_values: ArrayLike, correction: Correction = "holm") -> NDArray[np.float64]:
    """Adjusted p-values by the correction's name; reject where they are at most the level.

    Source: definition.
    """
    if correction not in _CORRECTIONS:
        raise CallerError(f"expected one of {', '.join(_CORRECTIONS)}, found {correction!r}")
    return _CORRECTIONS[correction](p_values)


def adjusted_across_families(
    families: Mapping[str, ArrayLike], correction: Correction = "holm"
) -> dict[str, NDArray[np.float64]]:
    """All p-values of all families adjusted as ONE family: the level holds over everything tried.

    Use this when the best of several strategy families will be traded.

    Source: definition.
    """
    tables = {name: _checked(values) for name, values in families.items()}
    if not tables:
        return {}
    joint = adjusted_p_values(np.concatenate(list(tables.values())), correction)
    ends = np.cumsum([len(values) for values in tables.values()])[:-1]
    return dict(zip(tables, np.split(joint, ends), strict=True))


def adjusted_within_families(
    families: Mapping[str, ArrayLike], correction: Correction = "holm"
) -> dict[str, NDArray[np.float64]]:
    """Each family adjusted on its own: the level holds within each, NOT over all together.

    Source: definition.
    """
    return {name: adjusted_p_values(values, correction) for name, values in families.items()}


def _false_discovery(given: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    order = np.argsort(given, kind="stable")
    scaled = given[order] * (factor * len(given) / np.arange(1, len(given) + 1))
    return _back(np.minimum.accumulate(scaled[::-1])[::-1], order)


def _back(adjusted: NDArray[np.float64], order: NDArray[np.intp]) -> NDArray[np.float64]:
    placed = np.empty(len(adjusted))
    placed[order] = np.minimum(adjusted, 1.0)
    return placed


def _checked(p_values: ArrayLike) -> NDArray[np.float64]:
    given = checked_series(p_values, "p-values", least=0)
    if len(given) and (given.min() < 0.0 or given.max() > 1.0):
        raise CallerError(f"expected p-values of 0 to 1, found {given.min()} to {given.max()}")
    return given
