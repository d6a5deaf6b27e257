"""Print how often the intervals of undertow.stats cover what they promise, on known returns.

Run `python benchmarks/interval_coverage.py [samples]` (1,000: about half an hour on one core). The
table in docs/stats/intervals.md is its output.
"""

import sys

import numpy as np

from undertow.backtest.honesty.interval_coverage import coverage
from undertow.backtest.honesty.noise_law import LAWS


def main(samples: int) -> None:
    """The table, a row for each law and length."""
    is_first = True
    for count in (100, 365):
        for law in LAWS:
            found = coverage(law, count, samples, np.random.default_rng(7))
            if is_first:
                sys.stdout.write(f"| returns | n | {' | '.join(found)} |\n")
                sys.stdout.write("| --- " * (len(found) + 2) + "|\n")
                is_first = False
            shares = " | ".join(f"{100 * share.mean:.1f}" for share in found.values())
            sys.stdout.write(f"| {law} | {count} | {shares} |\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
