"""What `undertow doctor` looks at: the machine, the packages and the home folder.

Every check answers with one `Finding` and changes nothing but a probe file that it removes. A
failed one carries the exit code that the command then has: 2 for what the user sets up, 3 for what
is on the disk.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from undertow.cli.newest_journal import journals
from undertow.domain.errors import CallerError, DataError
from undertow.domain.time import NS_PER_MS, NS_PER_S, utc_text

PACKAGE = "undertow"
LEAST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 512 << 20
COMFORTABLE_FREE_BYTES = 5 << 30
LEAST_MEMORY_BYTES = 2 << 30
COMFORTABLE_CORES = 2
EARLIEST_CLOCK_NS = 1_704_067_200 * NS_PER_S  # 2024-01-01: before this version was made
MOST_CLOCK_STEP_NS = 20 * NS_PER_MS
KILL_SWITCH = "kill.switch"

_REQUIREMENT = re.compile(r"([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?\s*(?:>=\s*([0-9.]+))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_BYTES_PER_GIB = 1 << 30


class Status(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True):
    """What one check found; `hint` says what to do and is empty when nothing is."""

    name: str
    status: Status
    found: str
    hint: str = ""
    exit_code: int = 0


def findings(home: Path) -> Iterator[Finding]:
    """Every check, in the order in which they are shown."""
    yield python_version(sys.version_info[:3])
    yield from packages()
    yield cores()
    yield memory()
    yield clock()
    yield kernel_cache()
    yield home_writable(home)
    yield disk_space(home)
    yield kill_switch(home)
    yield newest_journal_sound(home)


def python_version(version: tuple[int, ...]) -> Finding:
    """The interpreter."""
    found = ".".join(map(str, version))
    if version[:2] < LEAST_PYTHON:
        least = ".".join(map(str, LEAST_PYTHON))
        return _fail("python", found, f"install Python {least} or newer", CallerError)
    return Finding("python", Status.OK, found)


def packages() -> Iterator[Finding]:
    """The packages needed, then each optional extra."""
    try:
        wanted = importlib.metadata.requires(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            "packages", Status.WARN, "not installed, run from its source", "pip install -e ."
        )
        return
    needed = [text for text in wanted if not _EXTRA.search(text)]
    problems = [problem for text in needed if (problem := _unmet(text))]
    shown = ", ".join(f"{_name(text)} {_version(_name(text))}" for text in needed)
    if problems:
        yield _fail("packages", "; ".join(problems), f"pip install -U {PACKAGE}", CallerError)
    else:
        yield Finding("packages", Status.OK, shown)
    extras = dict.fromkeys(match[1] for text in wanted if (match := _EXTRA.search(text)))
    for extra in extras:
        yield _extra(extra, [text for text in wanted if f"'{extra}'" in text.replace('"', "'")])


def cores() -> Finding:
    """Processors this process may use."""
    has_affinity = hasattr(os, "sched_getaffinity")
    count = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    if count < COMFORTABLE_CORES:
        hint = "one core is shared by the engine and everything else: expect higher latencies"
        return Finding("cores", Status.WARN, str(count), hint)
    return Finding("cores", Status.OK, str(count))


def memory() -> Finding:
    """Memory of the machine."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    found = f"{total / _BYTES_PER_GIB:.1f} GiB"
    if total < LEAST_MEMORY_BYTES:
        return Finding("memory", Status.WARN, found, "use fewer instruments, or add memory")
    return Finding("memory", Status.OK, found)


def clock(
    now: Callable[[], int] = time.time_ns, steady: Callable[[], int] = time.monotonic_ns
) -> Finding:
    """The wall clock: a plausible date, and not being stepped while we look."""
    began, began_steady = now(), steady()
    time.sleep(0.05)
    step_ns = abs((now() - began) - (steady() - began_steady))
    found = f"{utc_text(began)[:19]}Z"
    if began < EARLIEST_CLOCK_NS:
        return _fail("clock", found, "set the date; run a time service (NTP)", CallerError)
    if step_ns > MOST_CLOCK_STEP_NS:
        words = f"{found}, stepped by {step_ns / NS_PER_MS:.0f} ms within 50 ms"
        return Finding("clock", Status.WARN, words, "let a time service slew the clock, not step")
    return Finding("clock", Status.OK, found)


def kernel_cache() -> Finding:
    """A folder that keeps compiled kernels between starts."""
    kernels = importlib.util.find_spec("undertow.kernels")
    assert kernels is not None
    assert kernels.origin is not None
    named = os.environ.get("NUMBA_CACHE_DIR")
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folders = [Path(named)] if named else [Path(kernels.origin).parent, users]
    for folder in folders:
        if not _refusal(folder):
            return Finding("kernel cache", Status.OK, str(folder))
    hint = "set NUMBA_CACHE_DIR to a writable folder, or every start compiles for many seconds"
    return Finding("kernel cache", Status.WARN, "no writable folder", hint)


def home_writable(home: Path) -> Finding:
    """The home folder, or the nearest folder above it that exists, takes files."""
    existing = _existing(home)
    why = _refusal(existing)
    if why:
        hint = "give this user the right to write there, or set UNDERTOW_HOME to another folder"
        return _fail("home folder", f"{existing}: {why}", hint, DataError)
    words = str(home) if existing == home else f"{home} (will be made)"
    return Finding("home folder", Status.OK, words)


def disk_space(home: Path) -> Finding:
    """Free space on the home folder's disk."""
    free = shutil.disk_usage(_existing(home)).free
    found = f"{free / _BYTES_PER_GIB:.1f} GiB free"
    hint = "free some space, or set UNDERTOW_HOME to another disk"
    if free < LEAST_FREE_BYTES:
        return _fail("disk", found, hint, DataError)
    if free < COMFORTABLE_FREE_BYTES:
        return Finding("disk", Status.WARN, found, hint)
    return Finding("disk", Status.OK, found)


def kill_switch(home: Path) -> Finding:
    """Whether the kill switch is engaged."""
    switch = home / KILL_SWITCH
    if not switch.exists():
        return Finding("kill switch", Status.OK, "released")
    try:
        reason = switch.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        reason = error.strerror or "unreadable"
    words = f"engaged: {reason or 'no reason given'}"
    return Finding("kill switch", Status.WARN, words, "release it with `undertow kill --release`")


def newest_journal_sound(home: Path) -> Finding:
    """The last segment of the newest journal; `undertow journal verify` checks all of it."""
    from undertow.storage.journal_tail import find_tail

    found = journals(home) if home.is_dir() else []
    if not found:
        return Finding("journal", Status.OK, "none yet")
    folder = found[-1]
    try:
        tail = find_tail(folder)
    except DataError as error:
        hint = f"look with `undertow journal verify {folder}`; restore the file from a copy"
        return _fail("journal", f"{folder}: {error}", hint, DataError)
    words = f"{folder}: {tail.last.sequence} frames, run {tail.run}, last segment sound"
    if tail.torn is not None:
        hint = "it is cut at the next start; nothing that was promised is lost"
        return Finding("journal", Status.WARN, f"{words} up to {tail.torn}", hint)
    return Finding("journal", Status.OK, words)


def _fail(name: str, found: str, hint: str, kind: type[CallerError] | type[DataError]) -> Finding:
    return Finding(name, Status.FAIL, found, hint, kind.exit_code)


def _extra(extra: str, wanted: list[str]) -> Finding:
    missing = [_name(text) for text in wanted if _unmet(text)]
    name = f"extra {extra}"
    if not missing:
        return Finding(name, Status.OK, "installed")
    hint = f"pip install '{PACKAGE}[{extra}]'"
    return Finding(name, Status.OK, f"not installed ({', '.join(missing)})", f"if wanted: {hint}")


def _name(requirement: str) -> str:
    match = _REQUIREMENT.match(requirement)
    assert match is not None
    return match[1]


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _unmet(requirement: str) -> str:
    # Why a requirement of the form `name>=version` is not met; empty when it is.
    match = _REQUIREMENT.match(requirement)
    assert match is not None
    name, least = match[1], match[2]
    version = _version(name)
    if version == "missing":
        return f"{name} is missing"
    if least and _numbers(version) < _numbers(least):
        return f"{name} {version} is older than {least}"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def _existing(folder: Path) -> Path:
    resolved = folder.absolute()
    while not resolved.exists():
        resolved = resolved.parent
    return folder if folder.exists() else resolved


def _refusal(folder: Path) -> str:
    # Why a file cannot be written in a folder; empty when it can.
    probe = folder / f".undertow_probe_{os.getpid()}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
