"""The venue's list of instruments (`exchangeInfo`) to `Instrument` and back.

Names follow ccxt: `BTC/USDT` on spot, `BTC/USDT:USDT` a USD-M perpetual, `BTC/USD:BTC` a COIN-M
one, `BTC/USDT:USDT-261225` a dated contract. Numbers come from the venue's filters; fees are not in
the list and are the standard ones until the account's own are known.
"""

from datetime import UTC, datetime

import msgspec

from undertow.domain.errors import DataError, PrecisionError
from undertow.domain.fixed import Step, format_scaled, parse_scaled
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.venues.binance.encoder import SPOT_DIGITS, PrintedDigits, fixed_text
from undertow.venues.binance.market import BinanceMarket
from undertow.venues.rate_limit import RateLimit

VENUE = "binance"
STANDARD_FEES = {
    BinanceMarket.SPOT: FeeSchedule(1_000, 1_000),
    BinanceMarket.USDM: FeeSchedule(200, 500),
    BinanceMarket.COINM: FeeSchedule(200, 500),
}
"""Fees of a new account, parts per million (the venue's fee page, read 2026-11)."""

PERPETUAL_DELIVERY_MS = 4_133_404_800_000
"""The delivery date that stands for "never"."""

_INTERVALS_S = {"SECOND": 1, "MINUTE": 60, "HOUR": 3_600, "DAY": 86_400}
_FILTER_DIGITS = 18
_PERCENT_DIGITS = 4


class Listing(msgspec.Struct, frozen=True):
    """An instrument with what only the venue's own messages need.

    status: the venue's word. printed: decimals of its prices and quantities in messages.
    """

    instrument: Instrument
    status: str
    contract_type: str
    delivery_ms: int
    printed: PrintedDigits

    @property
    def on_printed_grid(self) -> Instrument:
        """The instrument counted in the decimals of the venue's messages instead of the steps of
        new orders. Books keep orders from before a change of the tick or the lot: on the order
        grid their messages are refused (prices) or inexact (sizes), on this one all is exact. Its
        ticks and lots are not the ones orders may have, so it is for market data only.
        """
        coin = self.instrument
        price_step = Step(1, max(self.printed.price, coin.price_step.digits))
        qty_step = Step(1, max(self.printed.qty, coin.qty_step.digits))
        return msgspec.structs.replace(
            coin,
            price_step=price_step,
            qty_step=qty_step,
            min_lots=qty_step.count(coin.qty_text(coin.min_lots)),
            max_lots=qty_step.count(coin.qty_text(coin.max_lots)),
        )

    @property
    def is_trading(self) -> bool:
        """Whether orders are taken now."""
        return self.status == "TRADING"


class ExchangeInfo(msgspec.Struct, frozen=True):
    """The list as read. `refused`: symbols that could not be understood, with the reason."""

    listings: tuple[Listing, ...]
    rate_limits: tuple[RateLimit, ...]
    refused: dict[str, str]


class _Filter(msgspec.Struct, rename="camel", omit_defaults=True):
    filter_type: str
    tick_size: str = ""
    step_size: str = ""
    min_qty: str = ""
    max_qty: str = ""
    min_notional: str = ""
    notional: str = ""


class _Symbol(msgspec.Struct, rename="camel", omit_defaults=True):
    symbol: str
    base_asset: str
    quote_asset: str
    filters: list[_Filter]
    pair: str = ""
    margin_asset: str = ""
    status: str = ""
    contract_status: str = ""
    contract_type: str = ""
    delivery_date: int = 0
    contract_size: int = 0
    price_precision: int = -1
    quantity_precision: int = -1
    base_asset_precision: int = SPOT_DIGITS
    quote_precision: int = SPOT_DIGITS
    required_margin_percent: str = ""


class _Limit(msgspec.Struct, rename="camel"):
    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int


class _Body(msgspec.Struct, rename="camel"):
    symbols: list[_Symbol]
    rate_limits: list[_Limit] = []
    timezone: str = "UTC"
    server_time: int = 0


_decoder = msgspec.json.Decoder(_Body)


def decode_exchange_info(market: BinanceMarket, body: bytes, venue: str = VENUE) -> ExchangeInfo:
    """Read the list. A symbol that makes no sense is left out and named; raises `DataError` when
    the whole is no such list.
    """
    try:
        info = _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise DataError(f"expected an exchangeInfo answer, found {error}") from error
    listings: list[Listing] = []
    refused: dict[str, str] = {}
    for symbol in info.symbols:
        try:
            listings.append(_listing(market, symbol, venue))
        except (PrecisionError, DataError) as error:
            refused[symbol.symbol] = str(error)
    limits = tuple(
        RateLimit(
            limit.rate_limit_type, limit.limit, limit.interval_num * _INTERVALS_S[limit.interval]
        )
        for limit in info.rate_limits
        if limit.interval in _INTERVALS_S
    )
    return ExchangeInfo(tuple(listings), limits, refused)


def _listing(market: BinanceMarket, symbol: _Symbol, venue: str) -> Listing:
    filters = {each.filter_type: each for each in symbol.filters}
    price, lot = filters.get("PRICE_FILTER"), filters.get("LOT_SIZE")
    if price is None or lot is None:
        raise DataError("expected a PRICE_FILTER and a LOT_SIZE, found one missing")
    price_step, qty_step = Step.of(price.tick_size), Step.of(lot.step_size)
    kind = _kind(market)
    instrument = Instrument(
        symbol=_name(market, symbol),
        venue=venue,
        raw_symbol=symbol.symbol,
        kind=kind,
        base=symbol.base_asset,
        quote=symbol.quote_asset,
        settle=symbol.margin_asset or symbol.quote_asset,
        price_step=price_step,
        qty_step=qty_step,
        contract_size=Step.of(str(symbol.contract_size or 1)),
        min_lots=max(_lots(lot.min_qty, qty_step, up=True), 1),
        max_lots=_lots(lot.max_qty, qty_step, up=False),
        min_notional=_min_notional(filters),
        fees=STANDARD_FEES[market],
        max_leverage=_leverage(symbol.required_margin_percent),
    )
    return Listing(
        instrument=instrument,
        status=symbol.status or symbol.contract_status,
        contract_type=symbol.contract_type,
        delivery_ms=symbol.delivery_date,
        printed=_printed(market, symbol),
    )


def _kind(market: BinanceMarket) -> MarketKind:
    if market is BinanceMarket.SPOT:
        return MarketKind.SPOT
    return MarketKind.LINEAR if market is BinanceMarket.USDM else MarketKind.INVERSE


def _name(market: BinanceMarket, symbol: _Symbol) -> str:
    pair = f"{symbol.base_asset}/{symbol.quote_asset}"
    if market is BinanceMarket.SPOT:
        return pair
    if not symbol.margin_asset:
        raise DataError("expected the asset of the margin, found none")
    perpetual = f"{pair}:{symbol.margin_asset}"
    # A perpetual that is being delivered has a date and stays the same contract.
    if "_" not in symbol.symbol or "PERP" in symbol.symbol.rpartition("_")[2]:
        return perpetual
    if not 0 < symbol.delivery_date < PERPETUAL_DELIVERY_MS:
        raise DataError(f"expected a delivery date, found {symbol.delivery_date}")
    day = datetime.fromtimestamp(symbol.delivery_date / 1000, UTC)
    return f"{perpetual}-{day:%y%m%d}"


def _lots(qty: str, step: Step, *, up: bool) -> int:
    # Whole lots of a bound that may lie between two.
    if not qty:
        return 0
    scaled = parse_scaled(qty, _FILTER_DIGITS)
    lot = parse_scaled(step.text(1), _FILTER_DIGITS)
    return -(-scaled // lot) if up else scaled // lot


def _min_notional(filters: dict[str, _Filter]) -> str:
    # Spot: NOTIONAL replaced MIN_NOTIONAL; USD-M keeps the old name with another field.
    for name in ("NOTIONAL", "MIN_NOTIONAL"):
        found = filters.get(name)
        text = (found.min_notional or found.notional) if found else ""
        if text:
            return format_scaled(parse_scaled(text, _FILTER_DIGITS), _FILTER_DIGITS)
    return "0"


def _leverage(margin_percent: str) -> int:
    # The margin asked at the start leverage; higher ones need the account's own brackets.
    scaled = parse_scaled(margin_percent, _PERCENT_DIGITS) if margin_percent else 0
    return max(100 * 10**_PERCENT_DIGITS // scaled, 1) if scaled > 0 else 1


def _printed(market: BinanceMarket, symbol: _Symbol) -> PrintedDigits:
    if market is BinanceMarket.SPOT:
        return PrintedDigits(symbol.quote_precision, symbol.base_asset_precision)
    return PrintedDigits(symbol.price_precision, symbol.quantity_precision)


def encode_exchange_info(
    market: BinanceMarket,
    listings: tuple[Listing, ...],
    rate_limits: tuple[RateLimit, ...] = (),
    server_time_ms: int = 0,
) -> bytes:
    """The venue's side: `decode_exchange_info` of this gives the listings and limits back."""
    body = _Body(
        symbols=[_symbol(market, listing) for listing in listings],
        rate_limits=[_limit(limit) for limit in rate_limits],
        server_time=server_time_ms,
    )
    return msgspec.json.encode(body)


def _symbol(market: BinanceMarket, listing: Listing) -> _Symbol:
    instrument = listing.instrument
    is_spot, is_coinm = market is BinanceMarket.SPOT, market is BinanceMarket.COINM
    return _Symbol(
        symbol=instrument.raw_symbol,
        pair="" if is_spot else f"{instrument.base}{instrument.quote}",
        base_asset=instrument.base,
        quote_asset=instrument.quote,
        margin_asset="" if is_spot else instrument.settle,
        status="" if is_coinm else listing.status,
        contract_status=listing.status if is_coinm else "",
        contract_type=listing.contract_type,
        delivery_date=listing.delivery_ms,
        contract_size=instrument.contract_size.coefficient if is_coinm else 0,
        price_precision=-1 if is_spot else listing.printed.price,
        quantity_precision=-1 if is_spot else listing.printed.qty,
        base_asset_precision=listing.printed.qty if is_spot else SPOT_DIGITS,
        quote_precision=listing.printed.price if is_spot else SPOT_DIGITS,
        required_margin_percent="" if is_spot else _margin_percent(instrument.max_leverage),
        filters=_filters(market, instrument),
    )


def _margin_percent(leverage: int) -> str:
    # Rounded down, so that reading it back gives the same whole leverage.
    return fixed_text(100 * 10**_PERCENT_DIGITS // leverage, _PERCENT_DIGITS)


def _filters(market: BinanceMarket, instrument: Instrument) -> list[_Filter]:
    lot = _Filter(
        filter_type="LOT_SIZE",
        step_size=instrument.qty_step.text(1),
        min_qty=instrument.qty_text(instrument.min_lots),
        max_qty=instrument.qty_text(instrument.max_lots) if instrument.max_lots else "",
    )
    filters = [_Filter("PRICE_FILTER", tick_size=instrument.price_step.text(1)), lot]
    if market is BinanceMarket.SPOT:
        filters.append(_Filter("NOTIONAL", min_notional=instrument.min_notional))
    elif market is BinanceMarket.USDM:
        filters.append(_Filter("MIN_NOTIONAL", notional=instrument.min_notional))
    return filters


def _limit(limit: RateLimit) -> _Limit:
    for name in ("DAY", "HOUR", "MINUTE", "SECOND"):
        number, rest = divmod(limit.interval_s, _INTERVALS_S[name])
        if number and not rest:
            return _Limit(limit.limit_id, name, number, limit.limit)
    raise DataError(f"expected a limit over at least one unit of time, found {limit.interval_s} s")
