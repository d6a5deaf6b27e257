"""`undertow list strategies|venues|indicators`."""

import argparse
import inspect
import sys
from math import isfinite
from typing import TYPE_CHECKING, Any

from undertow.cli.output import print_json, print_table

if TYPE_CHECKING:
    from undertow.indicators.indicator import Parameter

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
    elif args.what == "indicators":
        sys.stdout.write(indicator_lines(rows))
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
    """The indicator registry, family by family."""
    from undertow.indicators.registry import FAMILIES

    return [
        {
            "family": family,
            "name": kind.name,
            "about": kind.summary,
            "parameters": [_parameter(one) for one in kind.parameters],
            "inputs": list(kind.inputs),
            "outputs": list(kind.outputs),
            "source": kind.source,
        }
        for family, kinds in FAMILIES.items()
        for kind in kinds
    ]


def _parameter(one: "Parameter") -> dict[str, Any]:
    most = one.most if isfinite(one.most) else None
    return {
        "name": one.name,
        "default": one.default,
        "least": one.least,
        "most": most,
        "about": one.text,
    }


def indicator_lines(rows: list[dict[str, Any]]) -> str:
    """The count, then every family with one line an indicator."""
    families = list(dict.fromkeys(row["family"] for row in rows))
    lines = [f"indicators: {len(rows)} in {len(families)} families"]
    for family in families:
        members = [row for row in rows if row["family"] == family]
        lines += ["", f"{family} ({len(members)})"]
        lines += [_line(row) for row in members]
    return "\n".join(lines) + "\n"


def _line(row: dict[str, Any]) -> str:
    settings = ", ".join(
        f"{one['name']}={one['default']:g} ({_limits(one)})" for one in row["parameters"]
    )
    return f"  {row['name']:<30} {row['about']}. {settings or 'no parameters'}. {row['source']}"


def _limits(one: dict[str, Any]) -> str:
    return f"{one['least']:g} up" if one["most"] is None else f"{one['least']:g} to {one['most']:g}"
