"""Where the last values stand in order of size: medians, ranks, extremes."""

from math import ceil

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.rank_before import rank_before_size
from undertow.kernels.cells.sorted_window import sorted_window_size
from undertow.kernels.cells.window_extreme import bars_since_size, window_extreme_size
from undertow.kernels.steps import rankings as steps


class Median(CompiledIndicator):
    """Median of the last `period` values and the median distance from it (`mad`), in their unit.

    Of an even number of values the mean of the middle two.
    """

    name = "median"
    summary = "Median and median absolute deviation of the last values"
    source = "definition"
    parameters = (Parameter("period", 20, "bars"),)
    outputs = ("value", "mad")
    step = steps.MEDIAN

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.median_step`."""
        return Plan(period - 1, sorted_window_size(period), (period,))


class ModifiedZScore(CompiledIndicator):
    """0.6745 (value - median) / MAD of the last `period` values; more than 3.5 is an outlier.

    Without unit. Where more than half of the values are equal (MAD 0) it is (value - median) /
    (1.253314 * mean distance from the median), NaN where all are.
    """

    name = "modified_z_score"
    summary = "Distance from the median in robust deviations"
    source = "Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers"
    parameters = (Parameter("period", 30, "bars", 2),)
    outputs = ("value", "median", "mad")
    step = steps.MODIFIED_Z

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.modified_z_step`."""
        return Plan(period - 1, sorted_window_size(period), (period,))


class Percentile(CompiledIndicator):
    """The value of rank ceil(percentile * period / 100) among the last `period`, in their unit."""

    name = "percentile"
    summary = "Percentile of the last values by nearest rank"
    source = "definition (nearest rank); TA-Lib PERCENTILE"
    parameters = (
        Parameter("period", 30, "bars"),
        Parameter("percentile", 50.0, "percent of the values, at most that one", 0, 100),
    )
    step = steps.PERCENTILE

    @classmethod
    def plan(cls, *, period: int, percentile: float) -> Plan:
        """Constants of `steps.percentile_step`."""
        rank = min(max(ceil(percentile * period / 100.0), 1), period)
        return Plan(period - 1, sorted_window_size(period), (period, rank))


class PercentRank(CompiledIndicator):
    """Percentage of the `period` values before this one that are smaller, 0 to 100."""

    name = "percent_rank"
    summary = "Rank of the newest value among those before it"
    source = "definition; TA-Lib PERCENTRANK"
    parameters = (Parameter("period", 100, "bars"),)
    step = steps.PERCENT_RANK

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.percent_rank_step`."""
        return Plan(period, rank_before_size(period), (period,))


class Maximum(CompiledIndicator):
    """Largest of the last `period` values, in their unit."""

    name = "max"
    summary = "Largest of the last values"
    source = "definition; TA-Lib MAX"
    parameters = (Parameter("period", 30, "bars"),)
    step = steps.MAX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.max_step`."""
        return Plan(period - 1, window_extreme_size(period), (period,))


class Minimum(CompiledIndicator):
    """Smallest of the last `period` values, in their unit."""

    name = "min"
    summary = "Smallest of the last values"
    source = "definition; TA-Lib MIN"
    parameters = (Parameter("period", 30, "bars"),)
    step = steps.MIN

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.min_step`."""
        return Plan(period - 1, window_extreme_size(period), (period,))


class MaxIndex(CompiledIndicator):
    """Bars since the largest of the last `period` values, 0 = this one; `index` counts from 0.

    Of equal values TA-Lib's choice is taken: the newest, but the oldest when the largest has just
    left the window.
    """

    name = "maxindex"
    summary = "How long ago the largest of the last values was"
    source = "definition; TA-Lib MAXINDEX (`index`)"
    parameters = (Parameter("period", 30, "bars"),)
    outputs = ("value", "index")
    step = steps.MAX_INDEX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.max_index_step`."""
        return Plan(period - 1, 1 + bars_since_size(period), (period,))


class MinIndex(CompiledIndicator):
    """Bars since the smallest of the last `period` values; everything else as `MaxIndex`."""

    name = "minindex"
    summary = "How long ago the smallest of the last values was"
    source = "definition; TA-Lib MININDEX (`index`)"
    parameters = (Parameter("period", 30, "bars"),)
    outputs = ("value", "index")
    step = steps.MIN_INDEX

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.min_index_step`."""
        return Plan(period - 1, 1 + bars_since_size(period), (period,))


INDICATORS = (
    MaxIndex,
    Maximum,
    Median,
    MinIndex,
    Minimum,
    ModifiedZScore,
    PercentRank,
    Percentile,
)
