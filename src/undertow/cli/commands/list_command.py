"""`undertow list strategies|venues|indicators`."""

import argparse
import inspect
from typing import Any

from undertow.cli.output import print_json, print_table

WHAT = ("strategies", "venues", "indicators")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to list, and --json."""
    parser.add_argument("what", choices=WHAT, metavar="|".join(WHAT))
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print one line each."""
    rows = {"strategies": strategies, "venues": venues, "indicators": indicators}[args.what]()
    if args.json:
        print_json(rows)
    else:
        columns = list(rows[0]) if rows else ["name"]
        print_table(args.what, columns, [[row[key] for key in columns] for row in rows])
    return 0


def strategies() -> list[dict[str, Any]]:
    """Installed strategies with their presets."""
    from undertow.cli.strategy_catalog import installed

    return [
        {
            "name": name,
            "presets": ", ".join(kind.presets()),
            "about": (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " "),
        }
        for name, kind in installed().items()
    ]


def venues() -> list[dict[str, Any]]:
    """Venues that can be named in this version, and what they are for."""
    from undertow.simulator.market.market_config import MarketConfig

    rows: list[dict[str, Any]] = [
        {"name": spec.name, "kind": "embedded", "use": "run (paper on the synthetic market)"}
        for spec in MarketConfig().chosen_venues()
    ]
    rows.extend(
        {"name": f"binance.{market}", "kind": "codec", "use": "replay"}
        for market in ("spot", "usdm", "coinm")
    )
    return rows


def indicators() -> list[dict[str, Any]]:
    """The indicator registry."""
    from undertow.indicators.registry import INDICATORS

    return [
        {
            "name": name,
            "about": kind.summary,
            "parameters": ", ".join(f"{p.name}={p.default:g}" for p in kind.parameters),
            "outputs": ", ".join(kind.outputs),
            "source": kind.source,
        }
        for name, kind in INDICATORS.items()
    ]
