"""What a venue demanded of orders in the past: ticks, lots and minimums, each valid from a date on.

Rows count in the run's own tick and lot, which must be the finest of the period; a coarser step of
the past is a whole multiple of it. Where no history is known, present-day rules are applied to the
past, and the assumptions say so: small orders that are possible today may not have been then.
"""

from bisect import bisect_right

import msgspec

from undertow.domain.errors import ConfigurationError, PrecisionError
from undertow.domain.fixed import parse_scaled
from undertow.domain.instrument import Instrument
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_DIGITS, Money


class InstrumentTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Terms of one instrument from `from_ns` on, as decimal texts; "" = as the instrument has it.

    price_step, qty_step: tick and lot. min_qty, max_qty: bounds of an order ("0": no upper bound).
    min_notional: least value in quote money.
    """

    from_ns: int
    price_step: str = ""
    qty_step: str = ""
    min_qty: str = ""
    max_qty: str = ""
    min_notional: str = ""


class OrderTerms(msgspec.Struct, frozen=True):
    """What an order must meet now, in the run's ticks and lots."""

    tick_multiple: int
    lot_multiple: int
    min_lots: int
    max_lots: int
    min_notional: Money


class TermsHistory:
    """The terms of every instrument at any time."""

    def __init__(
        self, table: InstrumentTable, terms_of: dict[str, tuple[InstrumentTerms, ...]]
    ) -> None:
        self._present = [_present(instrument) for instrument in table]
        self._starts: dict[int, list[int]] = {}
        self._terms: dict[int, list[OrderTerms]] = {}
        for index, instrument in enumerate(table):
            history = terms_of.get(instrument.symbol, ())
            starts = [terms.from_ns for terms in history]
            if starts != sorted(set(starts)):
                raise ConfigurationError(
                    f"expected terms of {instrument.symbol} in order of time, found {starts}"
                )
            self._starts[index] = starts
            self._terms[index] = [_resolved(instrument, terms) for terms in history]

    def at(self, index: int, at_ns: int) -> OrderTerms:
        """The terms in force at a venue time; before the first entry the first, else today's."""
        if not self._terms[index]:
            return self._present[index]
        place = bisect_right(self._starts[index], at_ns) - 1
        return self._terms[index][max(0, place)]


def without_history(
    table: InstrumentTable, terms_of: dict[str, tuple[InstrumentTerms, ...]]
) -> tuple[str, ...]:
    """Instruments whose past is judged by present-day rules, by id: a report must warn of them."""
    return tuple(row.instrument_id for row in table if not terms_of.get(row.symbol))


def _present(instrument: Instrument) -> OrderTerms:
    least = Money(parse_scaled(instrument.min_notional, MONEY_DIGITS), instrument.quote)
    return OrderTerms(1, 1, instrument.min_lots, instrument.max_lots, least)


def _resolved(instrument: Instrument, terms: InstrumentTerms) -> OrderTerms:
    present = _present(instrument)
    try:
        return OrderTerms(
            instrument.ticks(terms.price_step) if terms.price_step else 1,
            instrument.lots(terms.qty_step) if terms.qty_step else 1,
            instrument.lots(terms.min_qty) if terms.min_qty else present.min_lots,
            instrument.lots(terms.max_qty) if terms.max_qty else present.max_lots,
            Money.of(terms.min_notional, instrument.quote)
            if terms.min_notional
            else present.min_notional,
        )
    except PrecisionError as finer:
        raise ConfigurationError(
            f"expected past steps of {instrument.symbol} to be multiples of the run's own: {finer}"
        ) from finer
