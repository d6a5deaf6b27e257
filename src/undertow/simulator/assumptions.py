"""What a simulated venue assumes, in words: a line each, printed on every report."""

from undertow.domain.time import NS_PER_MS
from undertow.simulator.exchange_config import ExchangeConfig, MarginMode
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.latency import ConstantLatency, Latency
from undertow.simulator.queue_model import AnyQueueModel, PowerQueue, QueueModel
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
    )


def _fill_lines(config: ExchangeConfig) -> list[str]:
    slip = config.slippage
    beyond = (
        f"at least {slip.min_ticks} ticks or {_percent(slip.rate_ppm)} of the price, and "
        f"{_percent(slip.range_share_ppm)} of the last second's range"
    )
    if config.fidelity is Fidelity.BOOK:
        return [_queue_line(config.queue_model), f"where no depth is known: slippage of {beyond}"]
    if config.fidelity is Fidelity.QUOTES:
        return [_queue_line(config.queue_model), f"beyond the quote: slippage of {beyond}"]
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


def _latency(model: Latency) -> str:
    if isinstance(model, ConstantLatency):
        return f"{model.latency_ns / NS_PER_MS:g} ms"
    return (
        f"log-normal, median {model.median_ns / NS_PER_MS:g} ms, "
        f"at least {model.floor_ns / NS_PER_MS:g} ms"
    )


def _margin_lines(config: ExchangeConfig) -> list[str]:
    mode = "shared by all positions" if config.margin_mode is MarginMode.CROSS else "isolated"
    leverage = f"{config.leverage}x" if config.leverage else "the instrument's most"
    return [
        f"derivatives: margin {mode}, leverage {leverage}, liquidated at the mark price; one "
        "position per instrument (no hedge mode)"
    ]


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:g} %"
