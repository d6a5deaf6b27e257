"""Names of pairs in any habit's form, understood as names of instruments that there are.

Forms: ccxt (`BTC/USDT:USDT`), with a venue (`BTC/USDT@bybit`), `BTC-USDT`, `BTCUSDT`, `btc/usdt`,
the file form `BTC_USDT_USDT`, `BTC-USDT-SWAP`, `BTCUSDT_PERP`, and regular expressions over whole
names (`.*/USDT:USDT`). XBT is BTC. A name without a venue means every venue that has it. A plain
`BTC/USDT` means spot; where there is no spot but one kind of perpetual, that, and it is said.
"""

import re
from collections.abc import Sequence

import msgspec

from undertow.domain.errors import UnknownNameError
from undertow.domain.instrument import Instrument
from undertow.domain.suggestion import did_you_mean
from undertow.domain.symbol import SymbolName, parse_symbol

_REGEX = re.compile(r"[*+?\[\](){}|^$\\]")
_PERPETUAL = re.compile(r"(.+?)[-_]?(SWAP|PERP|PERPETUAL)")


class ChosenInstruments(msgspec.Struct, frozen=True):
    """Instruments in order, and what was understood where it was not what was written."""

    instruments: tuple[Instrument, ...]
    understood: tuple[str, ...]


def symbol_of(text: str) -> SymbolName:
    """A name in any of the plain forms; raises `UnknownNameError` for none of them."""
    pair, at, venue = text.partition("@")
    if pair.upper().startswith("XBT"):
        pair = f"BTC{pair[3:]}"
    is_perpetual = "/" not in pair and _PERPETUAL.fullmatch(pair.upper())
    try:
        name = _habit_form(pair.upper()) if is_perpetual else parse_symbol(pair)
    except UnknownNameError:
        name = _habit_form(pair.upper())
    settle = "BTC" if name.settle == "XBT" else name.settle
    return msgspec.structs.replace(name, settle=settle, venue=venue.lower() if at else name.venue)


def _habit_form(text: str) -> SymbolName:
    perpetual = _PERPETUAL.fullmatch(text)
    if perpetual:
        coins = perpetual[1].replace("_", "-")
        name = (
            SymbolName(coins, "USD") if coins.isalpha() and len(coins) < 5 else parse_symbol(coins)
        )
        settle = name.base if name.quote == "USD" else name.quote
        return msgspec.structs.replace(name, settle=settle)
    parts = text.split("_")
    if 2 <= len(parts) <= 4 and all(part.isalnum() for part in parts):
        return SymbolName(*parts)
    return parse_symbol(text)


def choose(pairs: Sequence[str], offered: Sequence[Instrument]) -> ChosenInstruments:
    """The offered instruments that the pairs mean, in the order of the pairs, each once.

    No pairs mean all. Raises `UnknownNameError` for a pair that means none.
    """
    if not pairs:
        return ChosenInstruments(tuple(offered), ())
    chosen: dict[str, Instrument] = {}
    understood: list[str] = []
    for pair in pairs:
        found = _by_regex(pair, offered) if _REGEX.search(pair) else _by_name(pair, offered)
        if not found:
            names = [one.symbol for one in offered] + [one.instrument_id for one in offered]
            raise UnknownNameError(
                f"expected a pair that there is data of, found {pair!r};{did_you_mean(pair, names)}"
            )
        meant = ", ".join(one.instrument_id for one in found)
        if [one.instrument_id for one in found] != [pair]:
            understood.append(f"{pair} is taken as {meant}")
        chosen.update((one.instrument_id, one) for one in found)
    return ChosenInstruments(tuple(chosen.values()), tuple(understood))


def may_mean(pairs: Sequence[str], one: Instrument) -> bool:
    """Whether `choose` could take this instrument: a quick look before more is read of it."""
    for pair in pairs:
        if _REGEX.search(pair):
            if _by_regex(pair, [one]):
                return True
        elif one.raw_symbol == pair.partition("@")[0] or symbol_of(pair).base == one.base:
            return True
    return not pairs


def _by_regex(pair: str, offered: Sequence[Instrument]) -> list[Instrument]:
    try:
        pattern = re.compile(pair)
    except re.error as error:
        raise UnknownNameError(f"expected a regular expression, found {pair!r}: {error}") from error
    return [
        one
        for one in offered
        if pattern.fullmatch(one.symbol) or pattern.fullmatch(one.instrument_id)
    ]


def _by_name(pair: str, offered: Sequence[Instrument]) -> list[Instrument]:
    name = symbol_of(pair)
    at_venue = [one for one in offered if not name.venue or one.venue == name.venue]
    exact = [one for one in at_venue if one.symbol == name.symbol]
    raw = [one for one in at_venue if one.raw_symbol == pair.partition("@")[0]]
    if exact or name.settle:
        return exact or raw
    same = [one for one in at_venue if (one.base, one.quote) == (name.base, name.quote)]
    perpetuals = [one for one in same if parse_symbol(one.symbol).settle and "-" not in one.symbol]
    if len({one.symbol for one in perpetuals}) == 1:
        return perpetuals
    return raw
