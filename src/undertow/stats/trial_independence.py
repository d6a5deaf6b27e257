"""Number of independent trials among trials that resemble each other."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import checked_table

_MOST_CLUSTERED = 10_000  # columns; the matrix of their correlations is 800 MB there


def independent_trials(trials: float, mean_correlation: float) -> float:
    """rho + (1 - rho) M, real valued: 1 for equal trials, M for uncorrelated ones.

    A slightly negative rho gives slightly more than M.

    Source: Bailey and Lopez de Prado (2014), J. Portfolio Management 40(5), appendix.
    """
    if not trials >= 1.0:
        raise CallerError(f"expected at least 1 trial, found {trials!r}")
    if not -1.0 <= mean_correlation <= 1.0:
        raise CallerError(f"expected a correlation of -1 to 1, found {mean_correlation!r}")
    return mean_correlation + (1.0 - mean_correlation) * trials


def mean_pairwise_correlation(returns: ArrayLike) -> float:
    """Mean of the correlations of all pairs of columns that vary; 1 when fewer than two do.

    In O(T M): the sum of all correlations is the squared length of the sum of the unit columns.

    Source: Bailey and Lopez de Prado (2014), J. Portfolio Management 40(5), appendix.
    """
    units = _unit_columns(checked_table(returns, "trial returns"))
    count = units.shape[1]
    if count < 2:
        return 1.0
    total = units.sum(axis=1)
    mean = (float(np.sum(total * total)) - count) / (count * (count - 1.0))
    return float(min(max(mean, -1.0), 1.0))


def independent_trials_of_returns(returns: ArrayLike) -> float:
    """rho + (1 - rho) M of the average pairwise correlation of a T x M table of trial returns.

    Columns without variation never traded and do not count; at least 1.

    Source: Bailey and Lopez de Prado (2014), J. Portfolio Management 40(5), appendix.
    """
    table = checked_table(returns, "trial returns")
    varying = int(np.sum(table.max(axis=0) != table.min(axis=0)))
    return independent_trials(max(varying, 1), mean_pairwise_correlation(table))


def independent_trials_by_clusters(returns: ArrayLike, *, correlation: float = 0.5) -> int:
    """Clusters of trials: average linkage on 1 - correlation, cut at `correlation`.

    The alternative where one average hides a few tight groups: groups whose mean correlation is at
    least `correlation` count as one trial, opposite ones as two. Deterministic. The cut is a
    convention, so say it with the number. CallerError above 10,000 columns.

    Source: Lopez de Prado and Lewis (2019), Detection of false investment strategies (clusters of
    trials). Variant: average linkage, not their k-means.
    """
    if not -1.0 < correlation < 1.0:
        raise CallerError(f"expected a correlation between -1 and 1, found {correlation!r}")
    units = _unit_columns(checked_table(returns, "trial returns"))
    count = units.shape[1]
    if count > _MOST_CLUSTERED:
        raise CallerError(f"expected at most {_MOST_CLUSTERED} varying columns, found {count}")
    if count < 2:
        return 1
    from scipy.cluster.hierarchy import fcluster, linkage

    distances = 1.0 - (units.T @ units)[np.triu_indices(count, 1)]
    tree = linkage(np.maximum(distances, 0.0), method="average")
    return int(fcluster(tree, 1.0 - correlation, criterion="distance").max())


def _unit_columns(table: NDArray[np.float64]) -> NDArray[np.float64]:
    varying = table[:, table.max(axis=0) != table.min(axis=0)]
    centred = varying - varying.mean(axis=0)
    return np.asarray(centred / np.sqrt(np.sum(centred * centred, axis=0)))
