"""What `undertow data convert` writes: every chosen series in the wanted form."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.instrument import Instrument
from undertow.storage.candles_of_trades import candles_of_trades
from undertow.storage.catalog.candle_feed import divides
from undertow.storage.catalog.candles import Candles, joined, resampled
from undertow.storage.catalog.pair_name import choose
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.catalog.time_range import TimeRange
from undertow.storage.catalog.timeframe_names import bar_length_name
from undertow.storage.convert_data import write_candles
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.offered_data import Offer, offers_at


def convert(path: Path, args: argparse.Namespace) -> Iterator[Path]:
    """Write the candles at a path; the files, one after the other."""
    span = TimeRange.parse(args.timerange)
    for offer in _chosen(path, args):
        if offer.feed is None or (args.timeframe and not _fits(offer, args.timeframe)):
            continue
        parts = [part for part in offer.feed.parts(span) if len(part)]
        if not parts:
            continue
        candles = joined(parts)
        if args.timeframe and bar_length_name(args.timeframe) != candles.timeframe:
            candles = resampled(candles, bar_length_name(args.timeframe))
        kind = offer.kind or SeriesKind.CANDLES
        yield write_candles(candles, offer.instrument, args.to, args.format, kind)


def convert_trades(path: Path, args: argparse.Namespace) -> Iterator[Path]:
    """Write bars made of the recorded trades at a path."""
    if not args.timeframe:
        raise ConfigurationError("expected --timeframe of the bars to make of trades")
    span, name = TimeRange.parse(args.timerange), bar_length_name(args.timeframe)
    count = 0
    for offer in _chosen(path, args):
        if offer.lake is None or not offer.lake.quality.trades:
            continue
        parts: list[Candles] = list(candles_of_trades(offer.lake, name, span))
        if parts:
            count += 1
            yield write_candles(joined(parts), offer.instrument, args.to, args.format)
    if not count:
        raise DataError(f"expected recorded trades at {path}, found none")


def _chosen(path: Path, args: argparse.Namespace) -> list[Offer]:
    offers = offers_at(path, SourceOptions(), tuple(args.pairs))
    chosen = choose(tuple(args.pairs), tuple(_by_id(offers).values()))
    wanted = {one.instrument_id for one in chosen.instruments}
    return [one for one in offers if one.instrument.instrument_id in wanted]


def _by_id(offers: list[Offer]) -> dict[str, Instrument]:
    return {one.instrument.instrument_id: one.instrument for one in offers}


def _fits(offer: Offer, timeframe: str) -> bool:
    return divides(offer.timeframe, bar_length_name(timeframe))
