"""`undertow gate`: may a strategy go on to paper and live? (BT-24, BT-32)"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from undertow.cli.output import print_json, print_table

if TYPE_CHECKING:
    from undertow.backtest.gate import GateConfig

GATE_CLOSED = 8
_RESAMPLES = 2_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The candidate, what it must beat, and what is asked."""
    add = parser.add_argument
    add("candidate", type=Path, metavar="CANDIDATE", help="archive or folder of a result")
    add("baseline", type=Path, nargs="?", metavar="BASELINE", help="what it must be better than")
    add("--rules", type=Path, metavar="FILE", help="YAML with other demands than the defaults")
    add("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Judge; 0 when the gate opens, 8 with the reasons when it does not."""
    from undertow.backtest.gate import Evidence, judge
    from undertow.backtest.judgement import read_judgement
    from undertow.backtest.reports.baselines import random_entries, random_entry_p
    from undertow.backtest.result_archive import read_archive
    from undertow.cli.backtesting.judged import recounted
    from undertow.cli.backtesting.kept_result import archive_at
    from undertow.cli.backtesting.told_result import told_text, without_nan

    path = archive_at(args.candidate)
    candidate = read_archive(path)
    baseline = read_archive(archive_at(args.baseline)) if args.baseline else None
    bias = read_judgement(path).bias
    evidence = Evidence(
        deflation=recounted(candidate),
        random_p=random_entry_p(random_entries(candidate, _RESAMPLES)),
        findings=None if bias is None else tuple(finding.text for finding in bias.findings),
    )
    verdict = judge(candidate, evidence, _rules(args.rules), baseline)
    if args.json:
        import msgspec

        plain = without_nan(msgspec.to_builtins(verdict))
        print_json({"passed": verdict.passed, "reasons": list(verdict.reasons), **plain})
    else:
        rows = [
            ["passed" if one.passed else "FAILED", one.name, told_text(one.value), one.words]
            for one in verdict.checks
        ]
        print_table(f"gate: {candidate.run_name}", ["", "check", "value", "words"], rows)
        print("the gate opens" if verdict.passed else "the gate stays closed")
    return 0 if verdict.passed else GATE_CLOSED


def _rules(path: Path | None) -> "GateConfig":
    import msgspec

    from undertow.backtest.gate import GateConfig
    from undertow.domain.errors import ConfigurationError

    if path is None:
        return GateConfig()
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=GateConfig)
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigurationError(f"expected demands of the gate in {path}, found {error}") from None
