import msgspec
import pytest

from undertow.domain.errors import ConfigurationError, PrecisionError
from undertow.engine.engine_config import EngineConfig


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("review_every_s", 0, "review_every_s of at least 1, found 0"),
        ("least_candle_s", -1, "least_candle_s of at least 0, found -1"),
        ("entry_slippage_ppm", 1_000_000, "entry_slippage_ppm from 0 to 999999, found 1000000"),
        ("pegs", {"USDC": "0"}, "a peg above 0 for USDC, found 0"),
        ("wallets", {"aster": {"USDT": "-1"}}, "at least 0 USDT in the wallet of aster, found -1"),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: object, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        msgspec.convert({field: value}, EngineConfig)


def test_a_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(PrecisionError, match="many"):
        EngineConfig(wallets={"aster": {"USDT": "many"}})


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="trail"):
        msgspec.convert({"trail": 1}, EngineConfig)


def test_it_goes_through_json_unchanged() -> None:
    config = EngineConfig(pegs={"USDC": "0.9998"}, wallets={"aster": {"USDT": "10000.5"}})
    assert msgspec.json.decode(msgspec.json.encode(config), type=EngineConfig) == config
