"""What imports met in files, in words: rows put in order, left out or kept apart."""

from collections.abc import Mapping

from undertow.storage.checks.finding import Finding, Severity

_WORDS = {
    "time": (Severity.DOUBT, "rows without a time of 1990 to 2100"),
    "nan": (Severity.DOUBT, "rows with a number missing"),
    "price": (Severity.BAD, "rows with a price or volume that cannot be"),
    "range": (Severity.BAD, "rows whose high, low, open and close contradict each other"),
    "unsorted": (Severity.FACT, "rows were out of order and were put in order"),
    "duplicate": (Severity.FACT, "rows stood in a file twice"),
    "conflict": (Severity.BAD, "rows contradict another of the same time, the first was kept"),
    "overlapping": (Severity.DOUBT, "bars begin inside the one before them"),
    "noise": (Severity.FACT, "numbers had noise of arithmetic and were rounded to their decimals"),
    "rounded": (Severity.DOUBT, "numbers had more decimals than can be kept"),
    "no_volume": (Severity.FACT, "rows without a volume"),
    "points": (Severity.FACT, "rows had prices in points, which were divided"),
    "mixed_time_units": (Severity.FACT, "units of time were met in one column"),
    "refused": (Severity.DOUBT, "rows could not be, or were the other side of a trade"),
    "crossed_quotes": (Severity.BAD, "quotes are crossed or locked: the bid is not below the ask"),
    "crossed_books": (Severity.BAD, "book updates leave the best bid at or above the best ask"),
    "trade_id_jumps": (Severity.DOUBT, "jumps in trade ids: trades are missing"),
    "duplicates": (Severity.DOUBT, "trades came twice"),
}


def import_findings(flaws: Mapping[str, int]) -> list[Finding]:
    """Findings for counts of flaws by kind, as imports report them."""
    found: list[Finding] = []
    for kind, count in flaws.items():
        severity, words = _WORDS.get(kind, (Severity.DOUBT, kind.replace("_", " ")))
        found.append(Finding(kind, severity, count, f"{count:,} {words}"))
    return found
