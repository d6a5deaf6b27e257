"""`python -m benchmarks peers`: our jobs and the peers', side by side, pinned to one core.

Every repetition goes through all jobs once, so that a slow minute of the machine is everybody's.
Rows that we lose are printed like the others.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import machine
from benchmarks.peers.environments import install, python_of
from benchmarks.peers.made_inputs import NAMES, make_inputs


class Job(NamedTuple):
    """workload, who runs it ("" = we), its script or our job's name, and arguments."""

    workload: str
    peer: str
    script: str
    args: str = ""


OURS = (
    Job("W1/1", "", "W1-signals"),
    Job("W1/1", "", "W1-callbacks"),
    Job("W1/10", "", "W1-signals", "--symbols 10"),
    Job("W1/10", "", "W1-callbacks", "--symbols 10"),
    Job("W2", "", "W2-signals"),
    Job("W2", "", "W2-callbacks"),
    Job("W3", "", "W3-kernel"),
    Job("W3", "", "W3-kernel", "--queue pessimistic"),
    Job("W3", "", "W3-kernel", "--feed-ns 500000"),
    Job("W6", "", "W6-sweep"),
    Job("W6", "", "W6-sweep", "--threads 2"),
)
PEERS = (
    Job("W1/1", "base", "w1_numba.py"),
    Job("W1/1", "vectorbt", "w1_vectorbt.py"),
    Job("W1/1", "vectorbtrust", "w1_vectorbt.py", "--rust"),
    Job("W1/1", "nautilus2", "w1_nautilus2.py"),
    Job("W1/1", "backtestingpy", "w1_backtestingpy.py"),
    Job("W1/1", "basana", "w1_basana.py"),
    Job("W1/1", "jesse", "w1_jesse.py"),
    Job("W1/1", "nautilus", "w1_nautilus.py"),
    Job("W1/1", "freqtrade", "w1_freqtrade.py"),
    Job("W1/1", "backtrader", "w1_backtrader.py"),
    Job("W1/10", "base", "w1_numba.py", "--symbols 10"),
    Job("W1/10", "vectorbt", "w1_vectorbt.py", "--symbols 10"),
    Job("W1/10", "vectorbtrust", "w1_vectorbt.py", "--rust --symbols 10"),
    Job("W1/10", "nautilus2", "w1_nautilus2.py", "--symbols 10"),
    Job("W1/10", "backtestingpy", "w1_backtestingpy.py", "--symbols 10"),
    Job("W1/10", "jesse", "w1_jesse.py", "--symbols 10"),
    Job("W1/10", "freqtrade", "w1_freqtrade.py", "--symbols 10"),
    Job("W1/10", "backtrader", "w1_backtrader.py", "--symbols 10"),
    Job("W2", "base", "w2_numba.py"),
    Job("W2", "hftbacktest", "w2_hftbacktest.py"),
    Job("W2", "nautilus2", "w2_nautilus2.py"),
    Job("W2", "nautilus", "w2_nautilus.py"),
    Job("W3", "base", "w3_numba.py", "--clock one"),
    Job("W3", "hftbacktest", "w3_hftbacktest.py", "--clock one"),
    Job("W3", "hftbacktest", "w3_hftbacktest.py"),
    Job("W3", "nautilus2", "w3_nautilus2.py"),
    Job("W6", "base", "w6_numba.py"),
    Job("W6", "vectorbt", "w6_vectorbt.py"),
    Job("W6", "vectorbtrust", "w6_vectorbt.py", "--rust"),
    Job("W6", "backtestingpy", "w6_backtestingpy.py"),
)
ROOT = Path(__file__).parents[2]
SECTION = "peers"
RULES = """\
W1: bars, SMA 20/60, one symbol or ten; W2: 10 M trades, bars made of them; W3: 5 M depth and trade
events, two-sided quotes every 100 ms; W6: 1,000 pairs of averages. Seconds are those of the run
alone. Equities agree where the fill rule is the same: the bound (`numba-bound`) and vectorbt fill
as our signals do (next open, all the money), backtrader and basana as our callbacks (next open,
0.99 of the money; ours in lots); the others have fill rules of their own. In W2 the bound fills as
our signals do, hftbacktest sells one tick lower, our callbacks fill the first trade 25 ms later. In
W3 the queue model is the same, but hftbacktest and the bound fill orders whole and we lot by lot,
so fills and equity are near each other and not equal.
"""


def main(given: list[str]) -> None:
    """Run, print, and write the section of the results page."""
    args = _arguments(given)
    if args.install:
        install(args.venvs)
        return
    made = args.data / "made" if args.make else args.data
    if args.make:
        make_inputs(made)
    missing = [name for name in NAMES if not (made / f"{name}.npz").exists()]
    if missing:
        raise SystemExit(f"expected {missing[0]}.npz in {made}; --make writes inputs of our own")
    jobs = [job for job in (*OURS, *_peers(args)) if re.search(args.only, _name(job))]
    runs: dict[Job, list[dict[str, Any]]] = {job: [] for job in jobs}
    for _ in range(args.repeats):
        for job in jobs:
            runs[job] += _run(job, args, made)
    lines = table(runs)
    print("\n".join(lines))
    if args.write:
        _write(lines, args.busy)


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks peers", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("/tmp/undertow-peers-data"))
    parser.add_argument("--make", action="store_true", help="write inputs from our own seeds")
    parser.add_argument("--venvs", type=Path, default=Path("/tmp/undertow-peers"))
    parser.add_argument("--install", action="store_true", help="make the peers' environments")
    parser.add_argument("--peers", type=Path, help="folder of the peers' driver scripts")
    parser.add_argument("--only", default="", help="a pattern of job names, e.g. '^W3'")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=1_800)
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    parser.add_argument("--busy", action="store_true", help="say that others used the machine")
    return parser.parse_args(given)


def _peers(args: argparse.Namespace) -> Iterable[Job]:
    if args.peers is None:
        return []
    is_here = shutil.which("taskset") is not None
    if not is_here:
        print("no taskset: runs are not pinned")
    return [job for job in PEERS if python_of(args.venvs, job.peer).exists()]


def _name(job: Job) -> str:
    return f"{job.workload} {job.peer or 'undertow'} {job.script} {job.args}".strip()


def _run(job: Job, args: argparse.Namespace, data: Path) -> list[dict[str, Any]]:
    if job.peer:
        start = [str(python_of(args.venvs, job.peer)), str(args.peers / job.script)]
    else:
        start = [sys.executable, "-m", "benchmarks.peers.our_jobs", job.script]
    command = [*start, "--data", str(data.resolve()), *job.args.split()]
    is_pinned = "--threads" not in job.args and shutil.which("taskset")
    if is_pinned:
        command = ["taskset", "-c", str(args.core), *command]
    folder = {"NUMBA_CACHE_DIR": str(args.venvs / "numba")} if job.peer else {}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=args.timeout, cwd=ROOT, check=False,
            env={**os.environ, **folder},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        print(f"{_name(job)}: not done within {args.timeout} s", flush=True)
        return []
    found = [
        json.loads(line.removeprefix("RESULT "))
        for line in done.stdout.splitlines()
        if line.startswith("RESULT ")
    ]
    if not found:
        print(f"{_name(job)}: failed: {(done.stderr or done.stdout).strip()[-300:]}", flush=True)
    for one in found:
        print(f"{_name(job)}: {one['wall_s']:.4f} s, CPU {one['cpu_s']:.4f} s", flush=True)
    return found


def table(runs: dict[Job, list[dict[str, Any]]]) -> list[str]:
    """All rows by workload, fastest first by the median of CPU seconds."""
    lines = [
        "| job | engine | wall, median | CPU, median | CPU, best | events/s of CPU | peak RSS | "
        "final equity | fills |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows = []
    for job, found in runs.items():
        by_variant: dict[str, list[dict[str, Any]]] = {}
        for one in found:
            by_variant.setdefault(one.get("variant", ""), []).append(one)
        for variant, same in by_variant.items():
            rows.append((job.workload, _median(same, "cpu_s"), _line(job, variant, same)))
    return lines + [line for _, _, line in sorted(rows)]


def _line(job: Job, variant: str, found: list[dict[str, Any]]) -> str:
    last, cpu = found[-1], _median(found, "cpu_s")
    answer = last.get("result") or {}
    if "next/full" in answer:
        answer = answer["next/full"]
    equity = answer.get("equity", answer.get("best", ""))
    fills = answer.get("fills", answer.get("trips", ""))
    memory = max(max(one["rss_mb"], one.get("child_rss_mb", 0.0)) for one in found)
    engine = " ".join(filter(None, [last["engine"], last.get("version", ""), variant, job.args]))
    shown = f"{equity:.6f}" if isinstance(equity, float) else str(equity)
    return (
        f"| {job.workload} | {engine} | {_median(found, 'wall_s'):.4f} s | {cpu:.4f} s | "
        f"{min(one['cpu_s'] for one in found):.4f} s | {last['events'] / cpu:,.0f} | "
        f"{memory:,.0f} MB | {shown} | {fills} |"
    )


def _median(found: list[dict[str, Any]], name: str) -> float:
    return float(statistics.median(one[name] for one in found))


def _write(lines: list[str], busy: bool) -> None:  # noqa: FBT001 - a flag of the command
    from benchmarks.__main__ import HEAD, RESULTS, sections

    facts = ", ".join(f"{key} {value}" for key, value in machine.description().items())
    state = (
        "Taken while others used both cores: wall times are no evidence, CPU times are too long "
        "by as much as caches and memory were shared. To be taken again on an idle machine."
        if busy
        else "Nothing else ran on the machine."
    )
    found = sections(RESULTS.read_text())
    text = f"## {SECTION}\n\n{facts}.\n\n{state}\n\n{RULES}\n" + "\n".join(lines) + "\n"
    found[SECTION] = text
    RESULTS.write_text(HEAD + "\n".join(found.values()))
    print(f"written to {RESULTS}")
