"""Volume: what the traded amounts say about the price."""

from undertow.indicators.average_kinds import checked_pair
from undertow.indicators.compiled_indicator import CompiledIndicator, Plan
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average import AVERAGE_SIZE
from undertow.kernels.cells.block_sum import block_sum_size
from undertow.kernels.cells.change import CHANGE_SIZE
from undertow.kernels.cells.window_variance import window_variance_size
from undertow.kernels.steps import volume as steps


class Ad(CompiledIndicator):
    """Running sum of volume times the close's place in its bar (-1 at the low, 1 at the high).

    In the unit of volume; the level depends on where the stream began, its changes do not.
    """

    name = "ad"
    summary = "Accumulation and distribution line, in the unit of volume"
    source = "Chaikin; TA-Lib AD"
    parameters = ()
    inputs = (
        "high",
        "low",
        "close",
        "volume",
    )
    step = steps.AD

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.ad_step`."""
        return Plan(0, 1, ())


class Adosc(CompiledIndicator):
    """Fast less slow exponential average of the accumulation line, in the unit of volume.

    Both averages start at the first line, as in TA-Lib.
    """

    name = "adosc"
    summary = "Chaikin oscillator, in the unit of volume"
    source = "Chaikin; TA-Lib ADOSC"
    parameters = (
        Parameter("fast", 3, "bars"),
        Parameter("slow", 10, "bars"),
    )
    inputs = (
        "high",
        "low",
        "close",
        "volume",
    )
    step = steps.ADOSC

    @classmethod
    def plan(cls, *, fast: int, slow: int) -> Plan:
        """Constants of `steps.adosc_step`."""
        checked_pair(cls.name, fast, slow)
        return Plan(slow - 1, steps.ADOSC_SIZE, (fast, slow))


class Obv(CompiledIndicator):
    """Running sum of volume with the sign of the close's change, in the unit of volume.

    It starts with the first volume, as in TA-Lib.
    """

    name = "obv"
    summary = "On-balance volume, in the unit of volume"
    source = "Granville (1963), New Key to Stock Market Profits; TA-Lib OBV"
    parameters = ()
    inputs = (
        "close",
        "volume",
    )
    step = steps.OBV

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.obv_step`."""
        return Plan(0, steps.LINE_SIZE, ())


class ChaikinMoneyFlow(CompiledIndicator):
    """Volume times the close's place in its bar, over volume, of the last `period` bars, -1 to
    1.

    0 without volume, as in TA-Lib.
    """

    name = "cmf"
    summary = "Chaikin money flow, -1 to 1"
    source = "Chaikin; TA-Lib CMF"
    parameters = (Parameter("period", 20, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
        "volume",
    )
    step = steps.CMF

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.cmf_step`."""
        return Plan(period - 1, 2 * block_sum_size(period), (period,))


class MoneyFlowIndex(CompiledIndicator):
    """Typical price times volume of rising bars in that of all that moved, 0 to 100.

    Where none moved it answers `flat`; TA-Lib answers 0 there, which reads as oversold.
    """

    name = "mfi"
    summary = "Money flow index, 0 to 100"
    source = "Quong and Soudack (1989), Stocks and Commodities 7; TA-Lib MFI"
    parameters = (
        Parameter("period", 14, "bars"),
        Parameter("flat", 50.0, "answer where nothing moved", least=0, most=100),
    )
    inputs = (
        "high",
        "low",
        "close",
        "volume",
    )
    step = steps.MFI

    @classmethod
    def plan(cls, *, period: int, flat: float) -> Plan:
        """Constants of `steps.mfi_step`."""
        return Plan(period, steps.mfi_size(period), (period, flat))


class ForceIndex(CompiledIndicator):
    """Exponential average of change times volume, in price times volume."""

    name = "efi"
    summary = "Elder's force index, in price times volume"
    source = "Elder (1993), Trading for a Living; TA-Lib EFI"
    parameters = (Parameter("period", 13, "bars"),)
    inputs = (
        "close",
        "volume",
    )
    step = steps.EFI

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.efi_step`."""
        return Plan(period, CHANGE_SIZE + AVERAGE_SIZE, (period,))


class MarketFacilitation(CompiledIndicator):
    """High less low per unit of volume of each bar, in price; 0 without volume."""

    name = "marketfi"
    summary = "Market facilitation index: range per volume"
    source = "Williams (1995), Trading Chaos; TA-Lib MARKETFI"
    parameters = ()
    inputs = (
        "high",
        "low",
        "volume",
    )
    step = steps.MARKETFI

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.marketfi_step`."""
        return Plan(0, 0, ())


class NegativeVolume(CompiledIndicator):
    """Index from 1000 that takes the relative changes of bars with less volume than the one
    before.
    """

    name = "nvi"
    summary = "Negative volume index, from 1000"
    source = "Dysart (1936); Fosback (1976), Stock Market Logic; TA-Lib NVI"
    parameters = ()
    inputs = (
        "close",
        "volume",
    )
    step = steps.NVI

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.nvi_step`."""
        return Plan(0, steps.VOLUME_INDEX_SIZE, ())


class PositiveVolume(CompiledIndicator):
    """Index from 1000 that takes the relative changes of bars with more volume than the one
    before.
    """

    name = "pvi"
    summary = "Positive volume index, from 1000"
    source = "Dysart (1936); Fosback (1976), Stock Market Logic; TA-Lib PVI"
    parameters = ()
    inputs = (
        "close",
        "volume",
    )
    step = steps.PVI

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.pvi_step`."""
        return Plan(0, steps.VOLUME_INDEX_SIZE, ())


class PriceVolumeTrend(CompiledIndicator):
    """Running sum of volume times the relative change of the close, in the unit of volume."""

    name = "pvt"
    summary = "Price volume trend, in the unit of volume"
    source = "definition; TA-Lib PVT"
    parameters = ()
    inputs = (
        "close",
        "volume",
    )
    step = steps.PVT

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.pvt_step`."""
        return Plan(0, steps.LINE_SIZE, ())


class RelativeVolume(CompiledIndicator):
    """Volume over the mean volume of the `period` bars before, without a unit: 1 is usual.

    The bar itself is not in the mean. Where there was none before it is infinite, or NaN for
    a bar without volume too, as in TA-Lib.
    """

    name = "rvol"
    summary = "Relative volume: 1 is usual"
    source = "definition; TA-Lib RVOL"
    parameters = (Parameter("period", 20, "bars before"),)
    inputs = ("volume",)
    step = steps.RVOL

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.rvol_step`."""
        return Plan(period, 1 + block_sum_size(period), (period,))


class WilliamsAd(CompiledIndicator):
    """Running sum of the close's distance from the true low on rising bars and high on falling
    ones.

    In price; it takes no volume.
    """

    name = "wad"
    summary = "Williams accumulation and distribution, in price"
    source = "Williams (1972), The Secret of Selecting Stocks; TA-Lib WAD"
    parameters = ()
    inputs = (
        "high",
        "low",
        "close",
    )
    step = steps.WAD

    @classmethod
    def plan(cls) -> Plan:
        """Constants of `steps.wad_step`."""
        return Plan(0, steps.LINE_SIZE, ())


class Klinger(CompiledIndicator):
    """Fast less slow average of the volume force, and its average, in 100 units of volume.

    The force is volume times abs(2 dm / cm - 1) with the trend's sign: dm is the bar's range,
    cm the ranges of the trend so far; the trend rises where high + low + close does.
    """

    name = "klinger"
    summary = "Klinger volume oscillator, and its signal"
    source = "Klinger (1997), Stocks and Commodities 15"
    parameters = (
        Parameter("fast", 34, "bars"),
        Parameter("slow", 55, "bars"),
        Parameter("signal", 13, "bars of the signal"),
    )
    inputs = (
        "high",
        "low",
        "close",
        "volume",
    )
    outputs = (
        "value",
        "signal",
    )
    step = steps.KLINGER

    @classmethod
    def plan(cls, *, fast: int, slow: int, signal: int) -> Plan:
        """Constants of `steps.klinger_step`."""
        checked_pair(cls.name, fast, slow)
        return Plan(slow + signal - 1, steps.KLINGER_SIZE, (fast, slow, signal))


class EaseOfMovement(CompiledIndicator):
    """Mean of the midpoint's change times the range, per `unit` of volume, in price squared.

    Large where price moves far on little volume. A bar without volume is left out.
    """

    name = "eom"
    summary = "Ease of movement: how far on how little volume"
    source = "Arms (1989), Volume Cycles in the Stock Market"
    parameters = (
        Parameter("period", 14, "bars"),
        Parameter("unit", 1.0, "volume that counts as 1", least=1e-9),
    )
    inputs = (
        "high",
        "low",
        "volume",
    )
    step = steps.EASE

    @classmethod
    def plan(cls, *, period: int, unit: float) -> Plan:
        """Constants of `steps.ease_step`."""
        return Plan(period, CHANGE_SIZE + block_sum_size(period), (period, unit))


class VwapDistance(CompiledIndicator):
    """Distance of the close from the volume-weighted price of the last `period` bars, in
    percent.

    That price (`average`) is made of each bar's own vwap. NaN without volume.
    """

    name = "vwap_distance"
    summary = "Distance from the rolling VWAP, percent"
    source = "definition"
    parameters = (Parameter("period", 20, "bars"),)
    inputs = (
        "close",
        "vwap",
        "volume",
    )
    outputs = (
        "value",
        "average",
    )
    step = steps.VWAP_DISTANCE

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.vwap_distance_step`."""
        return Plan(period - 1, 2 * block_sum_size(period), (period,))


class DeltaRatio(CompiledIndicator):
    """Buy less sell volume over all volume of the last `period` bars, -1 to 1.

    NaN without volume.
    """

    name = "delta_ratio"
    summary = "Delta over volume, -1 to 1"
    source = "definition: aggressor's side of each trade"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = (
        "delta",
        "volume",
    )
    step = steps.DELTA_RATIO

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.delta_ratio_step`."""
        return Plan(period - 1, 2 * block_sum_size(period), (period,))


class CumulativeDelta(CompiledIndicator):
    """Sum of buy less sell volume over the last `period` bars, in the unit of volume."""

    name = "cumulative_delta"
    summary = "Delta over the last bars, in the unit of volume"
    source = "definition: aggressor's side of each trade"
    parameters = (Parameter("period", 14, "bars"),)
    inputs = ("delta",)
    step = steps.CUMULATIVE_DELTA

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.cumulative_delta_step`."""
        return Plan(period - 1, block_sum_size(period), (period,))


class VolumeZ(CompiledIndicator):
    """Standard deviations of the volume from its mean over the last `period` bars, this one
    included.

    The deviation has divisor n; NaN where volume did not vary.
    """

    name = "volume_z"
    summary = "Volume in deviations from its mean"
    source = "definition"
    parameters = (Parameter("period", 20, "bars", least=2),)
    inputs = ("volume",)
    step = steps.VOLUME_Z

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.volume_z_step`."""
        return Plan(period - 1, window_variance_size(period), (period,))


class VolumeSurge(CompiledIndicator):
    """Deviations of the volume from an exponential baseline of the bars before, and whether it
    surges.

    `is_surge` is 1 beyond `threshold` deviations, else 0. The first `period` bars give mean
    and variance, later ones move them with weight 2 / (period + 1). NaN where the baseline
    does not vary.
    """

    name = "volume_surge"
    summary = "Volume surge: deviations from the usual before"
    source = (
        "exponentially weighted mean and variance, Finch (2009); the bar itself is not in its "
        "baseline"
    )
    parameters = (
        Parameter("period", 20, "bars of the baseline", least=2),
        Parameter("threshold", 2.5, "deviations of a surge", least=0),
    )
    inputs = ("volume",)
    outputs = (
        "value",
        "is_surge",
    )
    step = steps.VOLUME_SURGE

    @classmethod
    def plan(cls, *, period: int, threshold: float) -> Plan:
        """Constants of `steps.volume_surge_step`."""
        return Plan(period, steps.VOLUME_SURGE_SIZE, (period, 2.0 / (period + 1.0), threshold))


class TwiggsMoneyFlow(CompiledIndicator):
    """Volume times the close's place in its true range, over volume, by Wilder's averages, -1 to
    1.

    NaN without volume.
    """

    name = "twiggs"
    summary = "Twiggs money flow, -1 to 1"
    source = "Twiggs (2002), a Chaikin money flow of true ranges"
    parameters = (Parameter("period", 21, "bars"),)
    inputs = (
        "high",
        "low",
        "close",
        "volume",
    )
    step = steps.TWIGGS

    @classmethod
    def plan(cls, *, period: int) -> Plan:
        """Constants of `steps.twiggs_step`."""
        return Plan(period, steps.TWIGGS_SIZE, (period,))


INDICATORS = (
    Ad,
    Adosc,
    Obv,
    ChaikinMoneyFlow,
    MoneyFlowIndex,
    ForceIndex,
    MarketFacilitation,
    NegativeVolume,
    PositiveVolume,
    PriceVolumeTrend,
    RelativeVolume,
    WilliamsAd,
    Klinger,
    EaseOfMovement,
    VwapDistance,
    DeltaRatio,
    CumulativeDelta,
    VolumeZ,
    VolumeSurge,
    TwiggsMoneyFlow,
)
