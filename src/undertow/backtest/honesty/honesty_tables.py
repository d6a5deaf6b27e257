"""Tables of the study of honesty, in Markdown, each made of the kept results alone."""

from collections.abc import Iterable, Sequence
from math import isnan, sqrt

from undertow.backtest.honesty.honesty_plan import EDGES, YEARS, Part
from undertow.backtest.honesty.honesty_study import HonestyResults
from undertow.backtest.honesty.measured import Measured, added
from undertow.backtest.honesty.significance_battery import WORDS
from undertow.backtest.honesty.zoo import CLEAN, PEEKS

ALARM_WORDS = {**WORDS, "track_record": "minimum track record length"}
SIZE = 0.05
CHECKS = (
    "max_drawdown",
    "profit_factor",
    "win_rate",
    "sharpe",
    "deflated_sharpe",
    "random_entries",
    "overfitting",
)
"""Of the gate, those that can fail here; history, trades, fills and look-ahead are in order."""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(found: Measured | None, digits: int = 1) -> str:
    """A share and its standard error in percent, a dash where there is none."""
    if found is None or not found.count:
        return "-"
    error = found.standard_error
    beside = "" if isnan(error) else f" ± {100 * error:.{digits}f}"
    return f"{100 * found.mean:.{digits}f}{beside}"


def share(found: Measured | None) -> str:
    """`hits of count (percent, 95 % interval)`."""
    if found is None or not found.count:
        return "-"
    low, high = found.share_interval
    return (
        f"{found.total:.0f} of {found.count} ({100 * found.mean:.1f} %, "
        f"{100 * low:.1f} to {100 * high:.1f})"
    )


def all_laws(results: HonestyResults) -> dict[str, Measured]:
    """The false alarms of all laws together."""
    return added(results.of(Part.NOISE).values())


def surplus(found: Measured, size: float) -> float:
    """How many standard errors, those of a true test, the share of alarms lies above the size."""
    return (found.mean - size) / sqrt(size * (1.0 - size) / found.count)


def alarm_table(results: HonestyResults) -> str:
    """False alarms at 5 %, a column for each law, and at 1 and 10 % over all laws."""
    laws = results.of(Part.NOISE)
    whole = all_laws(results)
    rows = [
        [
            words,
            *(percent(found.get(f"{name}@{SIZE:g}")) for found in laws.values()),
            percent(whole.get(f"{name}@0.01")),
            percent(whole.get(f"{name}@0.1")),
        ]
        for name, words in ALARM_WORDS.items()
    ]
    counts = [str(found["pbo"].count) for found in laws.values()]
    rows.append(["*samples*", *counts, *[str(sum(map(int, counts)))] * 2])
    return table(["test", *(f"{law}, 5 %" for law in laws), "all, 1 %", "all, 10 %"], rows)


def power_table(results: HonestyResults, years: int) -> str:
    """How often each test sees an edge, a column for each size of it."""
    cases = results.of(Part.POWER)
    found = [cases.get(f"Sharpe {edge:g}, {years} years", {}) for edge in EDGES]
    rows = [
        [words, *(percent(one.get(f"{name}@{SIZE:g}"), 0) for one in found)]
        for name, words in WORDS.items()
    ]
    rows.append(["*samples*", *(str(one["t@0.05"].count) if one else "0" for one in found)])
    length = "1 year" if years == 1 else f"{years} years"
    return table([f"test, {length}", *(f"Sharpe {edge:g}" for edge in EDGES)], rows)


def power_tables(results: HonestyResults) -> str:
    """One table for each length."""
    return "\n\n".join(power_table(results, years) for years in YEARS)


def coverage_table(results: HonestyResults) -> str:
    """Coverage in percent, a row for each law."""
    cases = results.of(Part.COVERAGE)
    names = list(next(iter(cases.values()), {}))
    rows = [
        [law, str(next(iter(found.values())).count), *(percent(found[name]) for name in names)]
        for law, found in cases.items()
    ]
    return table(["returns", "samples", *names], rows)


def pooled_searches(results: HonestyResults) -> dict[str, Measured]:
    """The searches on noise of all laws together."""
    return added(results.of(Part.SEARCH).values())


def search_table(results: HonestyResults) -> str:
    """How often the best of a search on noise passes, and how often it passes each check."""
    rows = []
    cases = {**results.of(Part.SEARCH), "**all**": pooled_searches(results)}
    for law, found in cases.items():
        rows += [_search_row([law], found, tries, "passed") for tries in results.plan.tries]
    return table(["noise", "best of", "passed the gate", "Sharpe shown", *CHECKS], rows)


def edge_table(results: HonestyResults) -> str:
    """How often a real edge passes, alone and as the best of many tries."""
    rows = []
    for name, found in results.of(Part.EDGE).items():
        for tries in results.plan.edge_tries:
            row = _search_row([name], found, tries, "passed")
            chosen = percent(found.get(f"chosen@{tries}"), 0)
            rows.append([*row[:2], chosen, *row[2:]])
    return table(
        ["edge", "best of", "was chosen", "chosen and passed", "Sharpe shown", *CHECKS], rows
    )


def _search_row(start: list[str], found: dict[str, Measured], tries: int, passed: str) -> list[str]:
    shown = found.get(f"sharpe@{tries}")
    checks = [percent(found.get(f"check {name}@{tries}"), 0) for name in CHECKS]
    mean = "-" if shown is None else f"{shown.mean:.2f}"
    return [*start, str(tries), share(found.get(f"{passed}@{tries}")), mean, *checks]


def zoo_counts(results: HonestyResults, kinds: Iterable[type]) -> Measured:
    """How often the strategies of a part of the zoo were said to look ahead."""
    cases = results.of(Part.LOOKS)
    names = [kind.__name__ for kind in kinds]
    return added(cases[name] for name in names if name in cases).get("found", Measured())


def zoo_table(results: HonestyResults) -> str:
    """Hits and false alarms, and who was not judged rightly each time."""
    cases = results.of(Part.LOOKS)
    rows = []
    for words, kinds, right in (("look ahead", PEEKS, 1.0), ("do not", CLEAN, 0.0)):
        judged = {kind.__name__: cases[kind.__name__]["found"] for kind in kinds
                  if kind.__name__ in cases}  # fmt: skip
        wrong = [f"{name} ({one.total:.0f} of {one.count})" for name, one in judged.items()
                 if one.mean != right]  # fmt: skip
        counted = share(zoo_counts(results, kinds))
        rows.append([words, str(len(judged)), counted, ", ".join(wrong) or "none"])
    return table(["strategies that", "kinds", "found out, of looks", "judged wrongly"], rows)
