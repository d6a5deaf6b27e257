from math import isnan
from pathlib import Path

import msgspec
import pytest

from undertow.backtest.bias.finding import BiasKind, BiasReport, Finding
from undertow.backtest.deflation import Deflation
from undertow.backtest.judgement import (
    Judgement,
    judgement_path,
    read_judgement,
    write_judgement,
)
from undertow.domain.errors import DataError

DEFLATION = Deflation(
    tries=3,
    distinct=2,
    independent=1.5,
    is_best=True,
    days=400,
    sharpe=2.0,
    expected_best_sharpe=0.8,
    deflated_sharpe=0.97,
    minimum_track_record_days=200.0,
    minimum_backtest_years=0.5,
    haircut_sharpe=1.5,
)
FOUND = Finding(BiasKind.LOOK_AHEAD, "cross", 5, 0.5, "cross looked ahead")


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    archive = tmp_path / "backtest-result-2024.zip"
    undefined = msgspec.structs.replace(DEFLATION, sharpe=float("nan"))
    judged = Judgement(deflation=undefined, bias=BiasReport((FOUND,), ("mind",), {"run": 3}))
    assert write_judgement(judged, archive) == judgement_path(archive)
    assert judgement_path(archive).name == "backtest-result-2024.judgement.json"
    again = read_judgement(archive)
    assert again.bias == judged.bias
    assert again.deflation is not None
    assert isnan(again.deflation.sharpe)
    assert msgspec.structs.replace(again.deflation, sharpe=2.0) == DEFLATION


def test_nothing_written_is_nothing_known(tmp_path: Path) -> None:
    found = read_judgement(tmp_path / "none.zip")
    assert found == Judgement()
    assert found.words == ("look-ahead was not looked for", "tries: not counted")


def test_the_worst_comes_first() -> None:
    words = Judgement(deflation=DEFLATION, bias=BiasReport((FOUND,), ("bars hide",), {})).words
    assert words[:2] == ("look_ahead: cross looked ahead", "mind: bars hide")
    assert words[2].startswith("the best of 3 tries (1.5 independent)")


@pytest.mark.parametrize("text", ["{", '{"bias": 3}'])
def test_a_broken_one_is_told(tmp_path: Path, text: str) -> None:
    judgement_path(tmp_path / "r.zip").write_text(text)
    with pytest.raises(DataError, match="expected a judgement"):
        read_judgement(tmp_path / "r.zip")
