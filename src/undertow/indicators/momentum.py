"""Momentum: how fast and how steadily a price moves."""

from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE
from undertow.kernels.cells.delay import delay_size
from undertow.kernels.cells.rank_before import rank_before_size
from undertow.kernels.cells.relative_strength import RELATIVE_STRENGTH_SIZE
from undertow.kernels.cells.window_regression import window_regression_size
from undertow.kernels.steps import momentum as steps


class Rsi(CompiledIndicator):
    """100 * average gain / (average gain + average loss), 0 to 100, without a unit.

    100 without losses. Where nothing moved at all it answers `flat`; TA-Lib answers 0 there,
    which reads as oversold. Above 70 is called overbought, below 30 oversold.
    """

    name = "rsi"
    summary = "Relative strength index, 0 to 100"
    source = "Wilder (1978), New Concepts in Technical Trading Systems; TA-Lib seeding"
    parameters = (
        Parameter("period", 14, "bars"),
        Parameter("flat", 50.0, "answer where nothing moved", least=0, most=100),
    )
    step = steps.RSI

    @classmethod
    def plan(cls, *, period: int, flat: float) -> Plan:
        """Constants of `steps.rsi_step`."""
        return Plan(period, RELATIVE_STRENGTH_SIZE, (period, flat))


class Cmo(CompiledIndicator):
    """100 * (average gain - average loss) / (their sum), -100 to 100, without a unit.

    Wilder's averages as in TA-Lib's CMO; 0 where nothing moved. `cmou` is Chande's own form.
    """

    name = "cmo"
    summary = "Chande momentum oscillator with Wilder's averages, -100 to 100"
    source = "Chande and Kroll (1994), The New Technical Trader; Wilder's averages as TA-Lib's CMO"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.CMO

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.cmo_step`."""
        return Plan(period, RELATIVE_STRENGTH_SIZE, (period,))


class Cmou(CompiledIndicator):
    """100 * (sum of gains - sum of losses) / (their sum), -100 to 100, over `period` changes.

    As Chande published it, without smoothing; 0 where nothing moved.
    """

    name = "cmou"
    summary = "Chande momentum oscillator of plain sums, -100 to 100"
    source = "Chande and Kroll (1994), The New Technical Trader; TA-Lib CMOU"
    parameters = (Parameter("period", 14, "bars"),)
    step = steps.CMOU

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.cmou_step`."""
        return Plan(period, steps.cmou_size(period), (period,))


class Roc(CompiledIndicator):
    """Change over `period` bars relative to the value then, times `scale`: in percent by
    default.

    `ratio` is new over old, times `scale`. TA-Lib's ROC, ROCP, ROCR and ROCR100 are these two
    with scale 100 or 1. 0 where the value then was 0, as in TA-Lib.
    """

    name = "roc"
    summary = "Rate of change, in percent"
    source = "definition; TA-Lib ROC, ROCP, ROCR, ROCR100"
    parameters = (
        Parameter("period", 10, "bars"),
        Parameter("scale", 100.0, "100 for percent, 1 for shares", least=1e-9),
    )
    outputs = (
        "value",
        "ratio",
    )
    step = steps.ROC

    @classmethod
    def plan(cls, *, period: int, scale: float) -> Plan:
        """Constants of `steps.roc_step`."""
        return Plan(period, delay_size(period), (period, scale))


class Mom(CompiledIndicator):
    """Change over `period` bars, in the unit of the input."""

    name = "mom"
    summary = "Momentum: change over n bars, in the unit of the input"
    source = "definition; TA-Lib MOM"
    parameters = (Parameter("period", 10, "bars"),)
    step = steps.MOM

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.mom_step`."""
        return Plan(period, delay_size(period), (period,))


class Imi(CompiledIndicator):
    """100 * sum of rising bodies / sum of all bodies over `period` bars, 0 to 100.

    A body is close less open. 50 where no bar had one, as in TA-Lib.
    """

    name = "imi"
    summary = "Intraday momentum index of bodies, 0 to 100"
    source = "Chande and Kroll (1994), The New Technical Trader; TA-Lib IMI"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "open",
        "close",
    )
    step = steps.IMI

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.imi_step`."""
        return Plan(period - 1, 2 * block_sum_size(period), (period,))


class EfficiencyRatio(CompiledIndicator):
    """Distance over path: change over `period` bars / sum of absolute changes, 0 to 1.

    1 is a straight line, 0 ends where it began. 1 where nothing moved, as in TA-Lib.
    """

    name = "er"
    summary = "Kaufman's efficiency ratio, 0 to 1"
    source = "Kaufman (1995), Smarter Trading; TA-Lib ER"
    parameters = (Parameter("period", 10, "bars"),)
    step = steps.EFFICIENCY

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.efficiency_step`."""
        return Plan(period, steps.efficiency_size(period), (period,))


class PsychologicalLine(CompiledIndicator):
    """Share of rising closes among the last `period`, in percent, 0 to 100."""

    name = "psy"
    summary = "Psychological line: share of rising closes, 0 to 100"
    source = "Japanese practice of the 1960s; definition"
    parameters = (Parameter("period", 12, "bars"),)
    step = steps.PSYCHOLOGICAL

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.psychological_step`."""
        return Plan(period, CHANGE_SIZE + block_sum_size(period), (period,))


class ConnorsRsi(CompiledIndicator):
    """Mean of RSI, RSI of the streak and rank of the last change, 0 to 100.

    The streak counts closes in a row in one direction, with its sign; the rank is the share
    of the `rank` relative changes before that were smaller. Below 10 is called oversold.
    """

    name = "connors_rsi"
    summary = "Connors RSI, 0 to 100"
    source = "Connors and Alvarez (2012), An Introduction to ConnorsRSI"
    parameters = (
        Parameter("period", 3, "bars of the index"),
        Parameter("streak", 2, "bars of the streak's index"),
        Parameter("rank", 100, "changes to rank among"),
    )
    step = steps.CONNORS

    @classmethod
    def plan(cls, *, period: int, streak: int, rank: int) -> Plan:
        """Constants of `steps.connors_step`."""
        return Plan(
            max(period, streak, rank + 1),
            steps.CONNORS_FIXED + rank_before_size(rank),
            (period, streak, rank),
        )


class BalanceOfPower(CompiledIndicator):
    """(close - open) / (high - low) of each bar, -1 to 1; 0 where there is no range."""

    name = "bop"
    summary = "Balance of power of each bar, -1 to 1"
    source = "Livshin (2001), Stocks and Commodities 19; TA-Lib BOP"
    parameters = ()
    inputs = (
        "open",
        "high",
        "low",
        "close",
    )
    step = steps.BOP

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.bop_step`."""
        return Plan(0, 0, ())


class ForecastOscillator(CompiledIndicator):
    """How far the value missed the forecast made one bar before, in percent of the value.

    The forecast goes on along the least-squares line through the last `period` values; 0
    where the value is 0.
    """

    name = "fosc"
    summary = "Forecast oscillator: miss of the regression forecast, percent"
    source = "Chande and Kroll (1994), The New Technical Trader; TA-Lib FOSC"
    parameters = (Parameter("period", 5, "bars of the line", least=2),)
    step = steps.FOSC

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.fosc_step`."""
        return Plan(period, 2 + window_regression_size(period), (period,))


class Dpo(CompiledIndicator):
    """Value of period / 2 + 1 bars ago less the mean now, in the unit of the input.

    The causal form: it tells of the past with what was known then, and is not shifted back on
    a chart.
    """

    name = "dpo"
    summary = "Detrended price oscillator, causal, in the unit of the input"
    source = "definition; TA-Lib DPO"
    parameters = (Parameter("period", 20, "bars"),)
    step = steps.DPO

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.dpo_step`."""
        back = period // 2 + 1
        return Plan(
            max(period - 1, back), delay_size(back) + block_sum_size(period), (period, back)
        )


INDICATORS = (
    Rsi,
    Cmo,
    Cmou,
    Roc,
    Mom,
    Imi,
    EfficiencyRatio,
    PsychologicalLine,
    ConnorsRsi,
    BalanceOfPower,
    ForecastOscillator,
    Dpo,
)
