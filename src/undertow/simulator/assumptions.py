"""What a simulated venue assumes, in words: a line each, printed on every report."""

from undertow.domain.time import NS_PER_MS
from undertow.simulator.exchange_config import ExchangeConfig, LiquidationFill, MarginMode
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.funding_plan import ConstantFunding
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.latency import (
    ConstantLatency,
    Latency,
    LogNormalLatency,
    RecordedLatency,
    SampledLatency,
)
from undertow.simulator.queue_model import AnyQueueModel, PowerQueue, QueueModel
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import FixedSpread

_DATA = {
    Fidelity.BOOK: "displayed books and trades; takers walk displayed levels, each used once",
    Fidelity.QUOTES: "best bid and ask, and trades; what a taker needs beyond them is slipped",
    Fidelity.TRADES: "trades alone; a market order is filled at the next trade",
    Fidelity.BARS: "bars alone; a market order is filled at the next open",
}
_PATHS = {
    IntrabarPath.WORST_CASE: "the extreme that hurts first, stop before target",
    IntrabarPath.BEST_CASE: "the extreme that helps first, target before stop",
    IntrabarPath.NEAREST_EXTREME: "the extreme nearer to the open first",
    IntrabarPath.HIGH_FIRST: "open, high, low, close",
    IntrabarPath.LOW_FIRST: "open, low, high, close",
}
_QUEUES = {
    QueueModel.PESSIMISTIC: "nobody ahead of us ever cancels",
    QueueModel.RISK_AVERSE: "nobody ahead of us cancels while the displayed size allows it",
    QueueModel.PROPORTIONAL: "cancels are uniform in the queue",
    QueueModel.LOGARITHM: "cancels fall ahead of us by log(1 + lots)",
    QueueModel.OPTIMISTIC: "every cancel was ahead of us",
}


def describe(config: ExchangeConfig) -> tuple[str, ...]:
    """The assumptions, a line each, the class of the data first."""
    return (
        f"data: {_DATA[config.fidelity]}",
        *_fill_lines(config),
        *_time_lines(config),
        *_margin_lines(config),
        *_cost_lines(config),
    )


def _fill_lines(config: ExchangeConfig) -> list[str]:
    beyond = _slippage(config)
    if config.fidelity is Fidelity.BOOK:
        return [_queue_line(config.queue_model), f"slippage where no depth is known: {beyond}"]
    if config.fidelity is Fidelity.QUOTES:
        return [_queue_line(config.queue_model), f"slippage beyond the quote: {beyond}"]
    spread = config.half_spread
    if isinstance(spread, FixedSpread):
        half = f"{_percent(spread.half_ppm)} of the price"
    else:
        half = f"estimated from prices, {_percent(spread.fallback_half_ppm)} until then"
    unit = "bar's volume" if config.fidelity is Fidelity.BARS else "trade"
    lines = [
        f"half spread: {half}; slippage beyond it: {beyond}",
        _touch_line(config.at_share_ppm),
        f"share of a {unit} that may be ours, by side, for makers and for takers: "
        f"{_percent(config.participation_ppm)}",
    ]
    if config.fidelity is Fidelity.BARS:
        lines.append(f"inside a bar: {_PATHS[config.intrabar_path]}; gaps fill at the open")
    return lines


def _slippage(config: ExchangeConfig) -> str:
    slip = config.slippage
    if slip == Slippage(0, 0, 0):
        return "none"
    ticks = "1 tick" if slip.min_ticks == 1 else f"{slip.min_ticks} ticks"
    what = (
        "bar's range, scaled to a second" if config.fidelity is Fidelity.BARS else "second's range"
    )
    return (
        f"the larger of {ticks} and {_percent(slip.rate_ppm)} of the price, and "
        f"{_percent(slip.range_share_ppm)} of the last {what}"
    )


def _queue_line(model: AnyQueueModel) -> str:
    if isinstance(model, PowerQueue):
        return f"queue: cancels fall ahead of us by lots ** {model.exponent:g}"
    return f"queue ({model}): {_QUEUES[model]}"


def _touch_line(at_share_ppm: int) -> str:
    if not at_share_ppm:
        return "resting limit orders: filled only by trades through their price"
    share = _percent(at_share_ppm)
    return f"resting limit orders: filled by trades through, and by {share} of what trades at them"


def _time_lines(config: ExchangeConfig) -> list[str]:
    return [
        f"latency: feed {_latency(config.feed_latency)}, order {_latency(config.order_latency)}, "
        f"response {_latency(config.response_latency)}"
    ]


def _cost_lines(config: ExchangeConfig) -> list[str]:
    fees = "by 30-day volume and date" if config.fee_eras else "the instruments' own, without tiers"
    lines = [f"fees: {fees}", _funding_line(config)]
    if config.impact_of:
        lines.append(f"own impact: square root of volume, for {', '.join(config.impact_of)}")
    else:
        lines.append("own impact: none beyond what we take; nobody reacts to us")
    if config.terms_of:
        lines.append(f"ticks, lots and minimums: as they were, for {', '.join(config.terms_of)}")
    else:
        lines.append("ticks, lots and minimums: present-day rules applied to the past")
    return lines


def _funding_line(config: ExchangeConfig) -> str:
    plan = config.funding
    if isinstance(plan, ConstantFunding):
        hours = plan.interval_ns / (3_600 * 10**9)
        line = f"a constant {plan.rate_e12 / 1e10:g} % every {hours:g} hours"
        if plan.is_one_sided:
            line += ", paid by who pays and received by nobody"
        if plan.is_fallback:
            line = f"as recorded in the data, before an instrument's first row {line}"
    elif plan is not None:
        line = "a recorded series of rates" if plan.settlements else "none, not even as recorded"
    else:
        line = "as recorded in the data, none where it is not"
    named = f"; plans of their own: {', '.join(config.funding_of)}" if config.funding_of else ""
    return f"funding: {line}{named}"


def _latency(model: Latency) -> str:
    least = f"at least {model.floor_ns / NS_PER_MS:g} ms"
    match model:
        case ConstantLatency():
            return f"{model.latency_ns / NS_PER_MS:g} ms"
        case LogNormalLatency():
            return f"log-normal, median {model.median_ns / NS_PER_MS:g} ms, {least}"
        case RecordedLatency():
            return f"recorded, {least}"
        case SampledLatency():
            return f"drawn from measured ones, {least}"


def _margin_lines(config: ExchangeConfig) -> list[str]:
    mode = "shared by all positions" if config.margin_mode is MarginMode.CROSS else "isolated"
    leverage = f"{config.leverage}x" if config.leverage else "the instrument's most"
    is_book = config.liquidation_fill is LiquidationFill.BOOK
    price = "through the book" if is_book else "at the bankruptcy price"
    return [
        f"derivatives: margin {mode}, leverage {leverage}; one position per instrument (one-way)",
        f"liquidation: when the mark reaches maintenance, filled {price}",
    ]


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:g} %"
