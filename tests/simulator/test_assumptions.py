from undertow.simulator.assumptions import describe
from undertow.simulator.exchange_config import ExchangeConfig, LiquidationFill
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.funding_plan import ConstantFunding
from undertow.simulator.impact_model import SquareRootImpact
from undertow.simulator.instrument_terms import InstrumentTerms
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.latency import LogNormalLatency, RecordedLatency, SampledLatency
from undertow.simulator.queue_model import PowerQueue, QueueModel
from undertow.simulator.slippage import Slippage
from undertow.simulator.spread_model import EstimatedSpread


def test_every_model_has_its_words() -> None:
    for fidelity in Fidelity:
        assert len(describe(ExchangeConfig(fidelity=fidelity))) >= 4
    for queue in (*QueueModel, PowerQueue(2)):
        assert describe(ExchangeConfig(queue_model=queue))[1].startswith("queue")
    for path in IntrabarPath:
        lines = describe(ExchangeConfig(fidelity=Fidelity.BARS, intrabar_path=path))
        assert any(line.startswith("inside a bar") for line in lines)


def test_what_is_added_is_said() -> None:
    config = ExchangeConfig(
        fidelity=Fidelity.BARS,
        slippage=Slippage(0, 0, 0),
        funding=ConstantFunding(),
        liquidation_fill=LiquidationFill.BOOK,
        impact_of={"BTC/USDT:USDT": SquareRootImpact(1_000, 20_000)},
        terms_of={"BTC/USDT:USDT": (InstrumentTerms(from_ns=0),)},
        order_latency=RecordedLatency(((0, 5_000_000),)),
        response_latency=SampledLatency((7_000_000,)),
    )
    text = "\n".join(describe(config))
    for part in (
        "slippage beyond it: none",
        "funding: a constant 0.01 % every 8 hours",
        "filled through the book",
        "own impact: square root of volume, for BTC/USDT:USDT",
        "minimums: as they were, for BTC/USDT:USDT",
        "order recorded, at least 5 ms",
        "response drawn from measured ones, at least 7 ms",
    ):
        assert part in text


def test_numbers_are_in_the_words() -> None:
    config = ExchangeConfig(
        fidelity=Fidelity.TRADES,
        half_spread=EstimatedSpread(70),
        at_share_ppm=250_000,
        order_latency=LogNormalLatency(),
    )
    text = " ".join(describe(config))
    assert "estimated from prices, 0.007 % until then" in text
    assert "25 % of what trades at them" in text
    assert "log-normal, median 20 ms" in text
