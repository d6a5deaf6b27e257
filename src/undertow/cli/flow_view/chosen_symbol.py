"""Which asset and which of its instruments a symbol names: BTC, BTC/USDT, BTC/USDT:USDT@venue."""

import msgspec

from undertow.domain.errors import UnknownNameError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.suggestion import did_you_mean


class ChosenSymbol(msgspec.Struct, frozen=True):
    """asset: the base coin, whose venues are shown together. index: the instrument that is looked
    at by itself: the one named, else the symbol's first, else the asset's first perpetual.
    """

    asset: str
    index: int


def chosen_symbol(table: InstrumentTable, text: str) -> ChosenSymbol:
    """Upper and lower case are the same; raises `UnknownNameError` with the nearest name."""
    wanted = text.strip().casefold()
    names: dict[str, int] = {}
    for index, row in enumerate(table):
        names.setdefault(row.base, _leading(table, row.base))
        names.setdefault(row.symbol, index)
        names[str(row.instrument_id)] = index
    found = {name.casefold(): index for name, index in names.items()}.get(wanted)
    if found is None:
        hint = did_you_mean(text, names)
        raise UnknownNameError(f"expected an asset or instrument, found {text!r};{hint}")
    return ChosenSymbol(table[found].base, found)


def _leading(table: InstrumentTable, base: str) -> int:
    members = table.of_asset(base)
    perps = [index for index in members if table[index].is_perp]
    return (perps or members)[0]
