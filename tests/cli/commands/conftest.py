"""Commands called in this process, and a market small enough to start often."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import msgspec
import pytest

from undertow.cli.main import main

SMALL = "market: {assets: [BTC, ETH], venues: [aster]}\nrun: {warm_up_s: 20}\n"
FLIPPER = '''
from undertow import Bar, Context, Side, Signal, Strategy


class Flipper(Strategy):
    """Holds perps for a few seconds at a time, long and short in turns."""

    timeframe: str = "1s"
    hold_s: int = 7

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        second = bar.open_time_ns // 10**9
        if ctx.position is not None:
            return ctx.exit("time") if second % self.hold_s == 0 else None
        side = Side.BUY if second // 14 % 2 == 0 else Side.SELL
        if ctx.can_short and second % self.hold_s == 3 and ctx.can_enter(side):
            return ctx.enter(side, stop=ctx.price * (1 - side * 0.002), trail_ppm=2_000)
        return None
'''


class Answer(msgspec.Struct):
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as data."""
        return json.loads(self.out)


def call(home: Path, *argv: object) -> Answer:
    """Run a command with a home folder."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setenv("UNDERTOW_HOME", str(home))
        code = main([str(word) for word in argv])
    return Answer(code, out.getvalue(), err.getvalue())


Command = Callable[..., Answer]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Any command in a home folder of this test; `home` names another."""

    def run(*argv: object, home: str = "home") -> Answer:
        return call(tmp_path / home, *argv)

    return run


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration, `small.yaml`, and a strategy, `flipper.py`."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "small.yaml").write_text(SMALL)
    (folder / "flipper.py").write_text(FLIPPER)
    return folder


@pytest.fixture(scope="session")
def trading(files: Path) -> list[object]:
    """The arguments of a run that trades at once on the small market."""
    flipper = f"{files / 'flipper.py'}:Flipper"
    return ["run", "-c", files / "small.yaml", "-s", flipper, "--headless", "--speed", "max"]


@pytest.fixture(scope="session")
def finished(
    trading: list[object], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Answer]:
    """A home folder with a run of a minute in it, and its summary; nobody may change it."""
    home = tmp_path_factory.mktemp("finished")
    return home, call(home, *trading, "--for", "60s", "--seed", "7", "--json")
