"""Every model of the simulated venue from plain values; typing errors are told."""

from typing import Any

import msgspec
import pytest

from undertow.backtest.venue_overrides import read_overrides, venue_overrides
from undertow.domain.errors import ConfigurationError
from undertow.simulator.exchange_config import ExchangeConfig, MarginMode
from undertow.simulator.fee_program import FeeEra, FeeTier
from undertow.simulator.funding_plan import ConstantFunding
from undertow.simulator.impact_model import SquareRootImpact
from undertow.simulator.instrument_terms import InstrumentTerms
from undertow.simulator.latency import LogNormalLatency, RecordedLatency, SampledLatency
from undertow.simulator.queue_model import PowerQueue, QueueModel


@pytest.mark.parametrize(
    ("name", "plain", "model"),
    [
        ("queue_model", "proportional", QueueModel.PROPORTIONAL),
        ("queue_model", {"type": "power", "exponent": 2.0}, PowerQueue(2.0)),
        ("order_latency", {"type": "sampled", "values_ns": [5, 7]}, SampledLatency((5, 7))),
        ("order_latency", {"type": "log_normal", "sigma": 1.0}, LogNormalLatency(sigma=1.0)),
        ("feed_latency", {"type": "recorded", "samples": [[0, 5], [9, 7]]},
         RecordedLatency(((0, 5), (9, 7)))),
        ("impact_of", {"A/B": {"daily_volume_lots": 5, "daily_sigma_ppm": 7}},
         {"A/B": SquareRootImpact(5, 7)}),
        ("fee_eras", [{"tiers": [{"volume": "0", "maker_ppm": 1, "taker_ppm": 2}]}],
         (FeeEra((FeeTier("0", 1, 2),)),)),
        ("terms_of", {"A/B": [{"from_ns": 0, "min_notional": "5"}]},
         {"A/B": (InstrumentTerms(from_ns=0, min_notional="5"),)}),
        ("funding", {"type": "constant", "rate_e12": 9}, ConstantFunding(9)),
        ("margin_mode", "isolated", MarginMode.ISOLATED),
        ("participation_ppm", 7, 7),
    ],
)  # fmt: skip
def test_plain_values_become_models(name: str, plain: Any, model: Any) -> None:
    assert venue_overrides({name: plain}) == {name: model}
    assert venue_overrides({name: model}) == {name: model}


def test_a_whole_configuration_goes_through() -> None:
    config = ExchangeConfig()
    fields = venue_overrides(msgspec.to_builtins(config))
    assert ExchangeConfig(**fields) == config


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"queue_modl": 1}, "did you mean 'queue_model'"),
        ({"queue_model": "proportionl"}, "queue_model"),
        ({"order_latency": {"type": "log_norml"}}, "did you mean 'log_normal'"),
        ({"order_latency": {"median_ns": 5}}, "expected 'type' of"),
        ({"order_latency": {"type": "log_normal", "medan_ns": 5}}, "did you mean 'median_ns'"),
        ({"impact_of": {"A/B": {"daily_sigma": 5}}}, "did you mean 'daily_sigma_ppm'"),
        ({"fee_eras": [{"tiers": [{"volum": "0"}]}]}, "did you mean 'volume'"),
        ({"participation_ppm": "much"}, "participation_ppm"),
        ({"slippage": {"min_ticks": "x"}}, "slippage"),
    ],
)
def test_what_is_mistyped_is_told(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        venue_overrides(given)


def test_words_of_the_command_line() -> None:
    words = ["queue_model=optimistic", "order_latency.type=log_normal",
             "order_latency.median_ns=30000000", "participation_ppm=5"]  # fmt: skip
    assert read_overrides(words) == {
        "queue_model": "optimistic",
        "order_latency": {"type": "log_normal", "median_ns": 30_000_000},
        "participation_ppm": 5,
    }
    assert read_overrides(["a=1", "a=2"]) == {"a": 2}
    for wrong in (["queue_model"], ["=5"], ["a=1", "a.b=2"]):
        with pytest.raises(ConfigurationError, match="expected"):
            read_overrides(wrong)
