"""Public names of instruments: ccxt style, with the venue where it matters.

`BTC/USDT` is spot, `BTC/USDT:USDT` a linear perpetual, `BTC/USD:BTC` an inverse perpetual,
`BTC/USDT:USDT-261225` a dated contract; `BTC/USDT:USDT@bybit` names the venue too.
"""

import re

import msgspec

from undertow.domain.errors import UnknownNameError

_NAME = re.compile(
    r"(?P<base>[A-Z0-9]+)/(?P<quote>[A-Z0-9]+)"
    r"(?::(?P<settle>[A-Z0-9]+)(?:-(?P<expiry>\d{6}))?)?"
    r"(?:@(?P<venue>[a-z0-9_.]+))?"
)
_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "DAI", "USD", "EUR", "GBP", "JPY", "BTC", "ETH")


class SymbolName(msgspec.Struct, frozen=True, gc=False):
    """The parts of a public name; `settle`, `expiry` and `venue` are empty where not given."""

    base: str
    quote: str
    settle: str = ""
    expiry: str = ""
    venue: str = ""

    @property
    def symbol(self) -> str:
        """The name without its venue, e.g. `BTC/USDT:USDT`."""
        settle = f":{self.settle}" if self.settle else ""
        expiry = f"-{self.expiry}" if self.expiry else ""
        return f"{self.base}/{self.quote}{settle}{expiry}"

    @property
    def text(self) -> str:
        """The whole name, with `@venue` when a venue is given."""
        return f"{self.symbol}@{self.venue}" if self.venue else self.symbol

    @property
    def file_name(self) -> str:
        """A form that is safe in file names, e.g. `BTC_USDT_USDT`."""
        return re.sub(r"[/:\-]", "_", self.symbol)


def parse_symbol(text: str) -> SymbolName:
    """Understand a name as users write it: ccxt style first, then `BTC-USDT` and `BTCUSDT` as spot.

    Raises `UnknownNameError` with the expected forms when nothing fits.
    """
    match = _NAME.fullmatch(text)
    if match:
        return SymbolName(**{key: value or "" for key, value in match.groupdict().items()})
    pair, _, venue = text.partition("@")
    dashed = pair.upper().split("-")
    if len(dashed) == 2 and all(part.isalnum() for part in dashed):
        return SymbolName(dashed[0], dashed[1], venue=venue)
    joined = pair.upper()
    for quote in _QUOTES:
        base = joined.removesuffix(quote)
        if base and base != joined and base.isalnum():
            return SymbolName(base, quote, venue=venue)
    raise UnknownNameError(
        f"expected a symbol such as BTC/USDT, BTC/USDT:USDT or BTC/USD:BTC@binance, found {text!r}"
    )
