import pytest

from undertow.cli.flow_view.chosen_symbol import chosen_symbol
from undertow.domain.errors import UnknownNameError
from undertow.domain.instrument_table import InstrumentTable


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BTC", "BTC/USDT:USDT@aster"),
        ("eth", "ETH/USDT:USDT@aster"),
        ("BTC/USDT", "BTC/USDT@aster"),
        ("BTC/USDT:USDT", "BTC/USDT:USDT@aster"),
        ("btc/usdt:usdt@borea", "BTC/USDT:USDT@borea"),
    ],
)
def test_a_symbol_names_an_asset_and_an_instrument(
    text: str, name: str, table: InstrumentTable
) -> None:
    chosen = chosen_symbol(table, text)
    assert str(table[chosen.index].instrument_id) == name
    assert chosen.asset == name.partition("/")[0]


@pytest.mark.parametrize(
    ("text", "near"),
    [("BTV", "BTC"), ("BTC/USDT@astre", "BTC/USDT@aster"), ("ETH/USD", "ETH/USDT")],
)
def test_a_wrong_one_is_answered_with_a_near_one(
    text: str, near: str, table: InstrumentTable
) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean '{near}'"):
        chosen_symbol(table, text)
