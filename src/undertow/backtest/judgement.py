"""What is known of a result beside its numbers: how many tries led to it, what the detectors found.

Kept beside the result's archive, so that a report and the gate can say it without running again.
"""

from pathlib import Path

import msgspec

from undertow.backtest.bias.finding import BiasReport
from undertow.backtest.deflation import Deflation
from undertow.domain.errors import DataError
from undertow.storage.atomic_file import write_atomically

SUFFIX = ".judgement.json"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """deflation: None when the tries were not counted. bias: None when nobody looked."""

    deflation: Deflation | None = None
    bias: BiasReport | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """For the first lines of a report, the worst first."""
        lines: list[str] = []
        if self.bias is None:
            lines.append("look-ahead was not looked for")
        else:
            lines += [*self.bias.words, *(f"mind: {line}" for line in self.bias.warnings)]
        lines.append("tries: not counted" if self.deflation is None else self.deflation.words)
        return tuple(lines)


def judgement_path(archive: Path) -> Path:
    """Where the judgement of a result's archive lies."""
    return archive.with_name(archive.name.removesuffix(".zip") + SUFFIX)


def write_judgement(judgement: Judgement, archive: Path) -> Path:
    """Write it beside the archive."""
    path = judgement_path(archive)
    write_atomically(path, [msgspec.json.format(msgspec.json.encode(judgement))])
    return path


def read_judgement(archive: Path) -> Judgement:
    """That of an archive, an empty one when there is none; raises `DataError` for a broken one."""
    path = judgement_path(archive)
    if not path.is_file():
        return Judgement()
    try:
        plain = msgspec.json.decode(path.read_bytes())
        return msgspec.convert(_with_nan(plain), Judgement)
    except (OSError, msgspec.MsgspecError) as error:
        raise DataError(f"expected a judgement in {path}, found {error}") from None


def _with_nan(plain: dict[str, object]) -> dict[str, object]:
    # JSON has no NaN: what was undefined comes back as null.
    deflation = plain.get("deflation")
    if isinstance(deflation, dict):
        filled = {name: float("nan") if one is None else one for name, one in deflation.items()}
        return {**plain, "deflation": filled}
    return plain
