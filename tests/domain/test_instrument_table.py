import pytest

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable


def test_index_and_id_map_to_each_other(spot: Instrument, linear: Instrument) -> None:
    table = InstrumentTable([spot, linear])
    assert [table.index(row.instrument_id) for row in table] == [0, 1]
    assert table[1] is table.get("BTC/USDT:USDT@aster")
    assert len(table) == 2


def test_groups_keep_table_order(spot: Instrument, linear: Instrument, inverse: Instrument) -> None:
    table = InstrumentTable([linear, spot, inverse])
    assert table.of_asset("BTC") == (0, 1, 2)
    assert table.of_asset("ETH") == ()
    assert table.assets == ("BTC",)
    assert table.venues == ("aster",)


def test_unknown_name_suggests(spot: Instrument) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'BTC/USDT@aster'"):
        InstrumentTable([spot]).get("BTC/USD@aster")


def test_a_name_twice_is_refused(spot: Instrument) -> None:
    with pytest.raises(ConfigurationError, match="once"):
        InstrumentTable([spot, spot])
