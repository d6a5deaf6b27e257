from undertow.simulator.assumptions import describe
from undertow.simulator.exchange_config import ExchangeConfig
from undertow.simulator.fidelity import Fidelity
from undertow.simulator.intrabar_path import IntrabarPath
from undertow.simulator.latency import LogNormalLatency
from undertow.simulator.queue_model import PowerQueue, QueueModel
from undertow.simulator.spread_model import EstimatedSpread


def test_every_model_has_its_words() -> None:
    for fidelity in Fidelity:
        assert len(describe(ExchangeConfig(fidelity=fidelity))) >= 4
    for queue in (*QueueModel, PowerQueue(2)):
        assert describe(ExchangeConfig(queue_model=queue))[1].startswith("queue")
    for path in IntrabarPath:
        lines = describe(ExchangeConfig(fidelity=Fidelity.BARS, intrabar_path=path))
        assert any(line.startswith("inside a bar") for line in lines)


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
