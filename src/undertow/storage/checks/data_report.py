"""A report on all data of a catalog, series by series, each compared with its neighbours.

A series of candles is compared with the first other venue that has the same asset at the same
timeframe (`two_sources`), a bid with its ask. The verdict of a series is its worst finding's.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from undertow.storage.catalog.candles import Candles, joined
from undertow.storage.catalog.catalog import Catalog
from undertow.storage.catalog.pair_name import may_mean
from undertow.storage.catalog.series_name import SeriesKind
from undertow.storage.catalog.series_part import TIME
from undertow.storage.catalog.time_range import ALL_TIME
from undertow.storage.checks.candle_check import check_candles
from undertow.storage.checks.finding import Finding, Severity
from undertow.storage.checks.import_flaws import import_findings
from undertow.storage.checks.lake_check import check_rows
from undertow.storage.checks.market_hours import hours_of
from undertow.storage.checks.two_sources import check_against
from undertow.storage.imports.import_log import ImportLog
from undertow.storage.layouts.source_series import SourceOptions
from undertow.storage.offered_data import Offer, offers_at

VERDICTS = {Severity.FACT: "good", Severity.DOUBT: "doubtful", Severity.BAD: "bad"}


class SeriesReport(msgspec.Struct, frozen=True):
    """One series or source of rows. score: 0 to 100, NaN for recorded rows and funding."""

    instrument_id: str
    series: str
    rows: int
    first_ns: int
    last_ns: int
    score: float
    verdict: str
    findings: tuple[Finding, ...]


def check_data(
    path: Path,
    pairs: Sequence[str] = (),
    *,
    now_ns: int = 0,
    options: SourceOptions | None = None,
    tell: Callable[[int, int, str], None] | None = None,
) -> list[SeriesReport]:
    """Check everything at a path, or only the pairs; raises `DataError` when nothing is there."""
    offers = [one for one in offers_at(path, options or SourceOptions(), pairs)
              if may_mean(pairs, one.instrument)]  # fmt: skip
    reports: list[SeriesReport] = []
    for count, offer in enumerate(offers):
        if tell:
            tell(count, len(offers), offer.instrument.instrument_id)
        reports.append(_report(offer, offers, now_ns, path))
    if tell:
        tell(len(offers), len(offers), "")
    return reports


def is_bad(reports: Sequence[SeriesReport]) -> bool:
    """Whether any series is bad."""
    return any(one.verdict == VERDICTS[Severity.BAD] for one in reports)


def _report(offer: Offer, offers: Sequence[Offer], now_ns: int, path: Path) -> SeriesReport:
    score, rows = float("nan"), 0
    findings: list[Finding] = []
    if offer.lake:
        name, rows = offer.lake.source, offer.lake.quality.rows
        findings += check_rows(offer.lake)
    elif offer.funding is not None:
        name, rows = "funding", len(offer.funding[TIME])
        findings += _funding(offer)
    else:
        name = f"{offer.kind}-{offer.timeframe}"
        candles = _whole(offer)
        assert candles is not None
        has_volume = offer.kind is SeriesKind.CANDLES and bool(candles.columns["volume"].any())
        report = check_candles(
            candles, hours_of(offer.instrument), now_ns=now_ns, has_volume=has_volume
        )
        rows, score = report.bars, report.score
        findings += [*report.findings, *_beside(offer, offers, candles)]
    if path.is_dir() and not offer.lake:
        findings += _imported(path, offer, name)
    worst = max((one.severity for one in findings), default=Severity.FACT)
    return SeriesReport(
        *(offer.instrument.instrument_id, name, rows, *offer.span, score, VERDICTS[worst]),
        tuple(findings),
    )


def _imported(path: Path, offer: Offer, name: str) -> list[Finding]:
    log = ImportLog(path)
    for one in Catalog(path).series():
        is_it = one.instrument.instrument_id == offer.instrument.instrument_id
        if is_it and one.name.text == name:
            apart = len(one.store.apart())
            findings = import_findings(log.flaws(one.folder))
            if apart:
                text = f"{apart:,} rows are kept apart in {one.folder.name}/apart.jsonl"
                findings.append(Finding("apart", Severity.FACT, apart, text))
            return findings
    return []


def _whole(offer: Offer) -> Candles | None:
    if offer.feed is None:
        return None
    parts = [part for part in offer.feed.parts(ALL_TIME) if len(part)]
    return joined(parts) if parts else None


def _beside(offer: Offer, offers: Sequence[Offer], candles: Candles) -> list[Finding]:
    found: list[Finding] = []
    mine = offer.instrument
    same = [one for one in offers if one.feed and one.timeframe == offer.timeframe]
    if offer.kind is SeriesKind.BID:
        for one in same:
            if one.kind is SeriesKind.ASK and one.instrument.instrument_id == mine.instrument_id:
                found += _spread(candles, _whole(one))
    for one in same:
        other = one.instrument
        is_asset = (other.base, one.kind) == (mine.base, offer.kind)
        overlap = min(one.span[1], offer.span[1]) - max(one.span[0], offer.span[0])
        if is_asset and other.venue != mine.venue and overlap > 0:
            theirs = _whole(one)
            assert theirs is not None
            return found + check_against(candles, theirs, other.instrument_id)
    return found


def _spread(bid: Candles, ask: Candles | None) -> list[Finding]:
    if ask is None:
        return []
    _, here, there = np.intersect1d(bid.opens_ns, ask.opens_ns, return_indices=True)
    if not len(here):
        return []
    low, high = bid.price("close")[here], ask.price("close")[there]
    crossed = int((high < low).sum())
    spread = float(np.median((high - low) / low)) * 1e4
    text = f"the median spread at closes is {spread:.2f} bps"
    found = [Finding("spread", Severity.FACT, len(here), text)]
    if crossed:
        severity = Severity.BAD if crossed > 0.01 * len(here) else Severity.DOUBT
        text = f"{crossed:,} of {len(here):,} bars close with the ask below the bid"
        found.append(Finding("crossed", severity, crossed, text))
    return found


def _funding(offer: Offer) -> list[Finding]:
    assert offer.funding is not None
    times, rates = offer.funding[TIME], offer.funding["rate_e12"]
    found: list[Finding] = []
    if len(times) > 2:
        steps = np.rint(np.diff(times) / 3_600e9)
        usual = float(np.median(steps))
        long = int((steps > 1.5 * usual).sum())
        if long:
            text = f"{long:,} steps between payments are longer than the usual {usual:g} h"
            found.append(Finding("gap", Severity.DOUBT, long, text))
    large = int((np.abs(rates) > 10**10).sum())
    if large:
        text = f"{large:,} rates are beyond 1 % a payment"
        found.append(Finding("extreme", Severity.FACT, large, text))
    return found
