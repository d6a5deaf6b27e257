"""`undertow data import|list|check|convert|download`: market data for backtests."""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from undertow.cli.home import home_folder
from undertow.cli.output import print_json, print_table
from undertow.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from undertow.backtest.history_download import Downloaded, HistoryDownload
    from undertow.domain.instrument import Instrument
    from undertow.storage.catalog.time_range import TimeRange
    from undertow.storage.layouts.source_series import SourceOptions
    from undertow.venues.history_source import HistorySource
    from undertow.wire.http_transport import HttpTransport

BAD_DATA = 3
_WHAT = ("candles", "funding", "mark", "trades")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The five verbs."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    _import_arguments(verbs.add_parser("import", help="take over files of other programs"))
    _list_arguments(verbs.add_parser("list", help="what there is"))
    _check_arguments(verbs.add_parser("check", help="what is wrong with it; exit code 3 when bad"))
    _convert_arguments(verbs.add_parser("convert", help="write it for others, or larger bars"))
    _download_arguments(verbs.add_parser("download", help="get history from an exchange"))


def run(args: argparse.Namespace) -> int:
    """Do the verb."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "import": run_import,
        "list": run_list,
        "check": run_check,
        "convert": run_convert,
        "download": run_download,
    }
    return verbs[args.verb](args)


def _catalog_argument(parser: argparse.ArgumentParser) -> None:
    text = "catalog folder (data in the home folder)"
    parser.add_argument("--data", "-d", "--datadir", type=Path, metavar="PATH", help=text)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _pairs_argument(parser: argparse.ArgumentParser) -> None:
    text = "pairs in any form, or regular expressions; all when none"
    parser.add_argument("--pairs", "-p", nargs="+", default=[], metavar="PAIR", help=text)


def _source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--venue", default="", help="whose data it is, where the path does not say")
    parser.add_argument("--pair", default="", help="the pair, where the name does not say")
    parser.add_argument("--market", default="", help="spot, linear or inverse")
    parser.add_argument("--kind", default="", help="candles, bid, ask, mark, index or funding")
    parser.add_argument(
        "--timezone", default="", help="of the stamps, e.g. EST, -05:00, NewYork+7h"
    )
    parser.add_argument("--scale", type=float, default=0.0, help="what prices are divided by")
    parser.add_argument(
        "--column", action="append", default=[], metavar="WORD=NAME",
        help="a column by our word: time, open, high, low, close, volume; repeatable",
    )  # fmt: skip


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files or folders")
    parser.add_argument("--format", default="auto", help="auto, candles, ticks, binance-raw, ...")
    parser.add_argument("--timeframe", "-i", default="", help="of candles, where it is not plain")
    parser.add_argument("--again", action="store_true", help="read files that are in already, too")
    replace = "put the candles aside that are there, instead of adding to them"
    parser.add_argument("--replace", action="store_true", help=replace)
    _source_arguments(parser)
    _catalog_argument(parser)


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    _pairs_argument(parser)
    _catalog_argument(parser)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, help="catalog, folder or file")
    _pairs_argument(parser)
    _source_arguments(parser)
    parser.add_argument("--timeframe", "-i", default="", help="of candles in a file")
    _catalog_argument(parser)


def _convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, help="catalog, folder or file to read")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where to write")
    parser.add_argument("--format", default="catalog", help="freqtrade-feather, csv, catalog, ...")
    parser.add_argument("--timeframe", "-i", default="", help="of the bars to write")
    parser.add_argument("--timerange", default="", help="e.g. 20240101-20240201")
    parser.add_argument("--from-trades", action="store_true", help="make bars of recorded trades")
    _pairs_argument(parser)
    _catalog_argument(parser)


def _download_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--exchange", required=True, help="binance (native), or an id of ccxt")
    parser.add_argument("--market", default="spot", help="binance: spot, linear or inverse")
    parser.add_argument("--ccxt", action="store_true", help="through ccxt, even where native")
    parser.add_argument("--what", nargs="+", default=["candles"], choices=_WHAT, metavar="WHAT")
    parser.add_argument("--timeframe", "-i", "-t", nargs="+", default=["5m"], help="one or more")
    parser.add_argument("--timerange", default="", help="e.g. 20240101-20240201")
    parser.add_argument("--days", type=float, default=0.0, help="the last so many days (30)")
    parser.add_argument("--url", default="", help="another server that speaks the same")
    _pairs_argument(parser)
    _catalog_argument(parser)


def catalog_folder(args: argparse.Namespace) -> Path:
    """The catalog that the command works on."""
    return Path(args.data) if args.data else home_folder() / "data"


def source_options(args: argparse.Namespace) -> "SourceOptions":
    """What the user said about the files."""
    from undertow.storage.layouts.source_series import SourceOptions

    mapping: dict[str, str] = {}
    for text in args.column:
        word, equals, name = text.partition("=")
        if not equals:
            raise ConfigurationError(f"expected --column WORD=NAME, found {text!r}")
        mapping[word] = name
    return SourceOptions(
        venue=args.venue,
        pair=args.pair,
        timeframe=args.timeframe,
        market=args.market,
        kind=args.kind,
        mapping=mapping,
        timezone=args.timezone,
        scale=args.scale,
    )


def run_import(args: argparse.Namespace) -> int:
    """Import, then print what became of each file; 3 when none could be imported."""
    from undertow.backtest.recorded_import import READERS
    from undertow.cli.data_view.import_lines import import_json, import_lines
    from undertow.cli.data_view.progress_line import ProgressLine
    from undertow.storage.catalog.catalog import Catalog
    from undertow.storage.imports.file_import import FileImport

    job = FileImport(
        Catalog(catalog_folder(args)),
        source_options(args),
        file_format=args.format,
        readers=READERS,
        is_again=args.again,
        is_replacing=args.replace,
    )
    outcomes = job.run(args.paths, ProgressLine())
    if args.json:
        print_json(import_json(outcomes))
    else:
        print("\n".join(import_lines(outcomes)))
    return 0 if any(one.outcome != "refused" for one in outcomes) else BAD_DATA


def run_list(args: argparse.Namespace) -> int:
    """Print every series with its span."""
    from undertow.domain.time import utc_text
    from undertow.storage.offered_data import offers_at

    rows: list[dict[str, Any]] = []
    for one in offers_at(catalog_folder(args), source_options_none(), tuple(args.pairs)):
        name = one.lake.source if one.lake else str(one.kind.value if one.kind else "")
        rows.append(
            {
                "instrument": one.instrument.instrument_id,
                "series": f"{name}-{one.timeframe}" if one.timeframe else name,
                "from": utc_text(one.span[0])[:16],
                "to": utc_text(one.span[1])[:16],
                "tick": one.instrument.price_step.text(1),
                "lot": one.instrument.qty_step.text(1),
                "steps": one.steps_from,
            }
        )
    if args.json:
        print_json(rows)
    else:
        columns = list(rows[0]) if rows else ["instrument"]
        print_table("data", columns, [[row[name] for name in columns] for row in rows])
    return 0


def source_options_none() -> "SourceOptions":
    """Nothing said about files."""
    from undertow.storage.layouts.source_series import SourceOptions

    return SourceOptions()


def run_check(args: argparse.Namespace) -> int:
    """Print the verdict on every series; 3 when one is bad."""
    from undertow.cli.data_view.check_table import check_json, print_check
    from undertow.cli.data_view.progress_line import ProgressLine
    from undertow.storage.checks.data_report import check_data, is_bad

    path = Path(args.path) if args.path else catalog_folder(args)
    options = source_options(args)
    reports = check_data(
        path, tuple(args.pairs), now_ns=time.time_ns(), options=options, tell=ProgressLine()
    )
    if args.json:
        print_json(check_json(reports))
    else:
        print_check(reports)
    return BAD_DATA if is_bad(reports) else 0


def run_convert(args: argparse.Namespace) -> int:
    """Write every chosen series and print the files."""
    from undertow.cli.data_view.converted import convert, convert_trades

    path = Path(args.path) if args.path else catalog_folder(args)
    work = convert_trades if args.from_trades else convert
    written = [str(one) for one in work(path, args)]
    if args.json:
        print_json(written)
    else:
        print("\n".join(f"written: {one}" for one in written))
    return 0


def run_download(args: argparse.Namespace) -> int:
    """Download what is missing and print what came."""
    from undertow.backtest.history_download import HistoryDownload
    from undertow.cli.data_view.progress_line import ProgressLine
    from undertow.storage.catalog.catalog import Catalog
    from undertow.wire.http_transport import StandardTransport

    catalog = Catalog(catalog_folder(args))
    with StandardTransport() as transport:
        job = HistoryDownload(catalog, _source(args, transport), ProgressLine())
        instruments, understood = job.choose(tuple(args.pairs))
        done = [one for instrument in instruments for one in _downloads(job, instrument, args)]
    rows = [
        {
            "instrument": one.instrument_id,
            "series": one.series,
            "pages": one.pages,
            "new": one.counts.added,
            "equal": one.counts.equal,
            "conflicting": one.counts.conflicting,
        }
        for one in done
    ]
    if args.json:
        print_json(rows)
    else:
        print("\n".join(understood))
        columns = list(rows[0])
        print_table("download", columns, [[row[name] for name in columns] for row in rows])
    return 0


def _downloads(
    job: "HistoryDownload", instrument: "Instrument", args: argparse.Namespace
) -> Iterator["Downloaded"]:
    from undertow.storage.catalog.timeframe_names import bar_length_name

    span = _span(args)
    for what in args.what:
        if what in ("candles", "mark"):
            for name in args.timeframe:
                yield job.candles(instrument, bar_length_name(name), span, what)
        elif what == "funding":
            yield job.funding(instrument, span)
        else:
            yield job.trades(instrument, span)


def _span(args: argparse.Namespace) -> "TimeRange":
    from undertow.storage.catalog.time_range import TimeRange

    span = TimeRange.parse(args.timerange)
    now_ns = time.time_ns()
    if args.days or not args.timerange:
        return span.last_days(args.days or 30.0, now_ns)
    return TimeRange(span.start_ns, min(span.stop_ns, now_ns))


def _source(args: argparse.Namespace, transport: "HttpTransport") -> "HistorySource":
    if args.exchange == "binance" and not args.ccxt:
        return _binance(args, transport)
    from undertow.venues.ccxt_history import CcxtHistory

    options = {"urls": {"api": args.url}} if args.url else {}
    return CcxtHistory(args.exchange, time.time_ns, time.sleep, options)


def _binance(args: argparse.Namespace, transport: "HttpTransport") -> "HistorySource":
    from undertow.cli.data_view.wall_pace import WallPace
    from undertow.venues.binance.history import USED_HEADERS, BinanceHistory, budget_limits
    from undertow.venues.binance.market import BinanceMarket
    from undertow.wire.http_client import HttpClient
    from undertow.wire.request_budget import RequestBudget

    names = {"spot": "spot", "linear": "usdm", "inverse": "coinm"}
    market = BinanceMarket.named(f"binance.{names.get(args.market, args.market)}")
    pace = WallPace()
    budget = RequestBudget(budget_limits(market), pace)
    client = HttpClient(transport, pace, budget, used_headers=USED_HEADERS)
    return BinanceHistory(market, client, time.time_ns, args.url)
