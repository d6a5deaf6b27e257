"""The peers' own environments: which versions, on which Python, made by uv from the registry."""

import subprocess
import sys
from pathlib import Path

PEERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "base": ("3.12", ("numpy==2.5.5", "numba==0.68.1", "pandas==3.1.1")),
    "hftbacktest": ("3.12", ("hftbacktest==2.4.4",)),
    "vectorbt": ("3.12", ("vectorbt==1.2.0",)),
    "vectorbtrust": ("3.12", ("vectorbt[rust]==1.2.0", "vectorbt-rust==1.2.0")),
    "backtestingpy": ("3.12", ("backtesting==0.6.6",)),
    "nautilus2": ("3.13", ("--prerelease", "allow", "nautilus_trader==2.0.0rc7", "numpy")),
    "nautilus": ("3.13", ("nautilus_trader==1.231.0", "pandas<3")),
    "backtrader": (
        "3.12",
        ("backtrader==1.9.78.123", "numpy==2.5.5", "pandas==3.1.1", "matplotlib==3.11.2"),
    ),
    "jesse": ("3.12", ("jesse==3.5.3",)),
    "freqtrade": ("3.12", ("freqtrade[hyperopt]==2026.9",)),
    "basana": ("3.12", ("basana==1.11", "numpy")),
}
"""Name, Python, requirements; numpy is added where only the loader of inputs needs it."""


def python_of(folder: Path, name: str) -> Path:
    """The interpreter of a peer's environment."""
    return folder / f"{name}-venv" / "bin" / "python"


def install(folder: Path) -> list[str]:
    """Make what is missing; returns the names that could not be made, each said with its fault."""
    folder.mkdir(parents=True, exist_ok=True)
    uv = folder / "uv" / "bin" / "uv"
    if not uv.exists():
        run = [sys.executable, "-m", "venv", str(folder / "uv")]
        subprocess.run(run, check=True)
        subprocess.run([str(uv.with_name("pip")), "install", "-q", "uv"], check=True)
    failed = []
    for name, (version, wanted) in PEERS.items():
        python = python_of(folder, name)
        if python.exists():
            continue
        steps = (
            [str(uv), "venv", "-q", "--python", version, str(python.parent.parent)],
            [str(uv), "pip", "install", "-q", "--compile-bytecode", "--python", str(python)],
        )
        made = subprocess.run(steps[0], check=False).returncode == 0
        if not made or subprocess.run([*steps[1], *wanted], check=False).returncode:
            failed.append(name)
            print(f"not installed: {name}")
    return failed
