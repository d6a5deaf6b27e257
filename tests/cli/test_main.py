import subprocess
import sys
from pathlib import Path

import pytest

from undertow import __version__
from undertow.cli import main as cli
from undertow.domain.errors import UndertowError


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(name in shown for name in cli.COMMANDS)
    assert "Not investment advice" in shown


def test_every_command_has_its_module(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.COMMANDS:
        with pytest.raises(SystemExit) as stopped:
            cli.main([name, "--help"])
        assert stopped.value.code == 0
    assert "--json" in capsys.readouterr().out


def test_a_typo_is_answered_with_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["rnu"])
    assert stopped.value.code == 2
    assert "did you mean 'run'?" in capsys.readouterr().err


@pytest.mark.parametrize("kind", UndertowError.__subclasses__())
def test_errors_become_exit_codes(
    kind: type[UndertowError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise kind("expected this, found that")

    module = cli.command_module("version")
    monkeypatch.setattr(module, "run", fail)
    assert cli.main(["version"]) == kind.exit_code
    assert capsys.readouterr().err == "undertow: expected this, found that\n"


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.command_module("version"), "run", interrupt)
    assert cli.main(["version"]) == 130


def test_module_and_command_are_the_same(root: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "undertow", "version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=root / "src",
    )
    assert shown.stdout == f"undertow {__version__}\n"


def test_help_imports_nothing_heavy(root: Path) -> None:
    code = (
        "import sys; from undertow.cli.main import build_parser; build_parser([]).format_help();"
        "print([m for m in ('numpy', 'numba', 'rich', 'pyarrow', 'msgspec') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root / "src"
    )
    assert shown.stdout == "[]\n"
