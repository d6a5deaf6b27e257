from math import pi, sqrt
from statistics import NormalDist

from undertow.kernels.robust_spread import NORMAL_MAD, NORMAL_MEAN_DEVIATION


def test_they_are_those_of_a_normal_distribution_as_printed() -> None:
    assert round(NormalDist().inv_cdf(0.75), 4) == NORMAL_MAD
    assert round(sqrt(pi / 2.0), 6) == NORMAL_MEAN_DEVIATION
